/// A stated share of the units of each hidden layer: the policy `manual` where whole units go.
///
/// When a dense network keeps `statedTotal`, every hidden layer has its share of units, rounded as
/// weights are and at least one. With more to keep, as in earlier rounds, units go as under `uniform`,
/// each layer's claim being what it is to keep. The output layer has no units that could go.
package struct UnitShareBudget: StatedBudget, UnitBudget {
  /// Rules in order, whose sparsities are of units; where two select the same layer, the later one
  /// holds.
  package let rules: [ManualBudget.Rule]

  package init(_ rules: [ManualBudget.Rule]) {
    self.rules = rules
  }

  package var name: String { "manual" }

  package var basis: BudgetBasis { .shapes }

  /// A layer that is kept keeps the units on both sides of it.
  ///
  /// - Throws: `BudgetError.noSuchLayer`; `.layerNotStated` for a hidden layer that may lose units;
  ///   `.unitsNotDense`.
  package func statedTotal(
    of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> Int {
    precondition(layers.count == limits.count, "one element of limits for each layer")
    let stated = try sparsities(of: layers.map(\.name))
    for (layer, limits) in zip(layers, limits) where !limits.keep {
      guard layer.remaining == layer.weights else {
        throw .unitsNotDense(
          layer: layer.name, remaining: layer.remaining, weights: layer.weights)
      }
    }
    var (total, below) = (0, layers.first?.inputs ?? 0)
    for (index, layer) in layers.enumerated() {
      var units = layer.outputs
      if index + 1 < layers.count, !limits[index].keep, !limits[index + 1].keep {
        guard let sparsity = stated[index] else { throw .layerNotStated(layer: layer.name) }
        units = Self.units(sparsity, of: layer.outputs)
      }
      total += limits[index].keep ? layer.remaining : below * units
      below = units
    }
    return total
  }

  /// What single weights share where no unit can go any more: the same density for all.
  package func keptCounts(_ demand: BudgetDemand) -> [Int] {
    UniformBudget().keptCounts(demand)
  }

  /// Keys of the units that may go; those that stay have none.
  package func keys(of layer: UnitProfile) -> [Double] {
    let stated = rules.last { (try? $0.pattern.indices(in: [layer.name])) == [0] }
    guard let stated else { return [] }
    let kept = Self.units(stated.sparsity, of: layer.width)
    return Array(layer.keys(share: Double(kept)).dropLast(kept))
  }

  /// The stated sparsity of each layer's units; nil where there is none.
  private func sparsities(of names: [String]) throws(BudgetError) -> [Sparsity?] {
    var stated: [Sparsity?] = Array(repeating: nil, count: names.count)
    for rule in rules {
      for index in try rule.pattern.indices(in: names) { stated[index] = rule.sparsity }
    }
    return stated
  }

  /// How many of `width` units stay.
  private static func units(_ sparsity: Sparsity, of width: Int) -> Int {
    max(min(1, width), sparsity.kept(of: width))
  }
}
