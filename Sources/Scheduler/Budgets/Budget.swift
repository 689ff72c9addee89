/// From which layers weights are removed, in what portions, and how many where it says so itself.
package struct Budget: Sendable, Equatable {
  /// Which layer keeps how much; `uniform` where groups say it, which are the same in every layer.
  package let policy: BudgetPolicy
  /// In what portions weights go.
  package let granularity: PruningGranularity
  /// At which sparsities layers are measured; nil for policies that measure none.
  package let ladder: PruningLadder?
  /// What the network may take, in place of a sparsity; nil for no limit.
  package let limit: BudgetLimit?
  /// What holds for every layer.
  package let common: LayerLimits
  /// What holds for some layers; where two rules state the same thing for a layer, the later holds.
  package let rules: [LayerRule]

  /// - Parameters:
  ///   - policy: of no account where the granularity is of groups.
  ///   - granularity: units only under a policy that orders them.
  ///   - ladder: of policies that measure layers; nil for the standard one.
  ///   - limit: of a policy that refines its division, and of single weights.
  package init(
    policy: BudgetPolicy = .global, granularity: PruningGranularity = .weight,
    ladder: PruningLadder? = nil, limit: BudgetLimit? = nil, common: LayerLimits = .none,
    rules: [LayerRule] = []
  ) {
    self.policy = granularity.pattern == nil ? policy : .uniform
    self.granularity = granularity
    self.ladder = self.policy.rule.basis == .curves ? ladder ?? .standard : nil
    self.limit = limit
    self.common = common
    self.rules = rules
    precondition(granularity != .unit || policy.rule.units != nil, "a policy that orders units")
    precondition(
      limit == nil || (self.policy.rule.isRefined && granularity == .weight),
      "a limit goes by errors")
  }

  /// One threshold for the whole network, no limits.
  package static let standard = Budget()

  /// The policy in a schedule's word; `n_of_m` for groups.
  package var name: String { granularity.pattern == nil ? policy.rawValue : "n_of_m" }

  /// How the groups or, elsewhere, the policy divides weights.
  package var rule: BudgetRule { granularity.pattern?.rule ?? policy.rule }

  /// How whole units go; nil where none do.
  package var unitRule: UnitRule? { granularity == .unit ? policy.rule.units : nil }

  /// What says how many weights the network keeps.
  package var goal: BudgetGoal {
    if let limit { return .limit(limit) }
    return statesTotal == nil ? .share : .stated
  }

  /// The time that a call may take; nil where none is limited.
  package var callTime: CallTime? {
    if case .time(let time) = limit { return time }
    return nil
  }

  private var statesTotal: BudgetRule.Total? {
    if let unitRule { return unitRule.total }
    return rule.total
  }

  /// The limits of each of the layers called `names`.
  ///
  /// - Throws: `BudgetError.noSuchLayer`, which decoding has ruled out for the schedule's own layers.
  package func limits(of names: [String]) throws(BudgetError) -> [LayerLimits] {
    try common.applying(rules, to: names)
  }

  /// How many weights the network keeps by what is stated or fits, with one element of `limits` a
  /// layer: the target that follows where the schedule names none. Nil where the budget does not say it
  /// or only measuring tells.
  ///
  /// - Throws: `BudgetError` for layers of which that cannot be said.
  package func statedTotal(
    of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> Int? {
    precondition(layers.count == limits.count, "one element of limits for each layer")
    switch limit {
    case .resource(let limit): return try limit.mostKept(of: layers, limits: limits)
    case .time: return nil
    case nil: return try statesTotal?(layers, limits)
    }
  }

  /// The number of weights each layer keeps; of units, what they leave is divided so.
  ///
  /// - Throws: `BudgetError.importancesMissing` or `.curveMissing` where the policy needs such, and
  ///   what the policy itself cannot do.
  package func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    try (unitRule?.counts ?? rule.counts)(demand)
  }
}

/// What says how many weights a network keeps.
package enum BudgetGoal: Sendable, Equatable {
  /// A sparsity that is given beside the budget.
  case share
  /// The budget: it states how much every layer keeps.
  case stated
  /// What the network may take.
  case limit(BudgetLimit)
}

/// What a network may take, in place of a sparsity.
package enum BudgetLimit: Sendable, Equatable {
  /// A number of weights follows before anything is measured.
  case resource(ResourceLimit)
  /// A weight takes another time in every layer, so how many stay follows from what is measured.
  case time(CallTime)
}
