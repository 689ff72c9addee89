/// A policy that states how much every layer keeps, so that the network's total follows from it.
package protocol StatedBudget: BudgetPolicy {
  /// How many weights the network keeps with every layer as stated, within `limits`: the target that
  /// follows where the schedule names none.
  ///
  /// - Throws: `BudgetError` for layers of which that cannot be said.
  func statedTotal(of layers: [LayerProfile], limits: [LayerLimits]) throws(BudgetError) -> Int
}

extension ManualBudget: StatedBudget {}
