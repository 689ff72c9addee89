/// The same pattern in every layer that is not kept as it is: n of m weights in every group of
/// consecutive ones along a row.
///
/// Counts follow from shapes alone, and there is one total that they come to. They are those of dense
/// layers: what a group has already lost depends on which weights went.
///
/// Source: Zhou et al., "Learning N:M fine-grained structured sparse neural networks from scratch",
/// 2021, Sec. 3.1.
extension GroupPattern {
  /// How groups divide weights.
  var rule: BudgetRule {
    BudgetRule(
      basis: .shapes,
      counts: { (demand) throws(BudgetError) in try keptCounts(demand) },
      total: { (layers, limits) throws(BudgetError) in
        try counts(layers, zip(layers, limits).map { $1.bounds(of: $0) }).reduce(0, +)
      })
  }

  /// - Throws: `BudgetError.groupsNotDense`; `.groupTotal` for another total than follows;
  ///   `.groupsBelowLimit` for a layer of which more is demanded.
  private func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let counts = try counts(demand.layers, demand.bounds)
    let total = counts.reduce(0, +)
    guard total == demand.kept else {
      throw .groupTotal(
        pattern: self, demanded: demand.kept, stated: total,
        total: demand.layers.reduce(0) { $0 + $1.weights })
    }
    return counts
  }

  /// How many weights of `layer` stay where it is dense.
  package func count(of layer: LayerProfile) -> Int {
    layer.outputs * kept(ofRow: layer.inputs)
  }

  private func counts(
    _ layers: [LayerProfile], _ bounds: [LayerBounds]
  ) throws(BudgetError) -> [Int] {
    var counts: [Int] = []
    for (layer, bounds) in zip(layers, bounds) {
      if bounds.constraint == .keep {
        counts.append(layer.remaining)
        continue
      }
      guard layer.remaining == layer.weights else {
        throw .groupsNotDense(
          layer: layer.name, pattern: self, remaining: layer.remaining, weights: layer.weights)
      }
      let count = count(of: layer)
      guard count >= bounds.least else {
        throw .groupsBelowLimit(
          layer: layer.name, pattern: self, count: count, least: bounds.least)
      }
      counts.append(count)
    }
    return counts
  }
}
