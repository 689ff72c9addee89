/// Which layer keeps how much, by the schedule's words.
package enum BudgetPolicy: String, Sendable, CaseIterable {
  case uniform
  case global
  case erk
  case lamp
  case manual
  case sensitivity
  case optimal

  /// What it goes by and how it divides.
  package var rule: BudgetRule {
    switch self {
    case .uniform: UniformBudget.rule
    case .global: GlobalBudget.rule
    case .erk: ErkBudget.rule
    case .lamp: LampBudget.rule
    case .manual: ManualBudget.rule
    case .sensitivity: SensitivityBudget.rule
    case .optimal: OptimalBudget.rule
    }
  }
}
