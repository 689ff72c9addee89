/// How many weights the network has to keep, and between which bounds each layer can take part.
///
/// A demand that exists is feasible: the bounds admit counts that sum to `kept`.
package struct BudgetDemand: Sendable {
  /// Weights to keep in the whole network.
  package let kept: Int
  /// The layers, from input to output.
  package let layers: [LayerProfile]
  /// The bounds of each layer.
  package let bounds: [LayerBounds]
  /// How the layers' importances grow with the weights.
  package let degree: ImportanceDegree

  /// Demands that `kept` weights stay, one element of `limits` for each of `layers`.
  ///
  /// - Throws: `BudgetError.tooFewKept` or `.tooManyKept` where limits and remaining weights admit
  ///   no such count.
  package init(
    keeping kept: Int, of layers: [LayerProfile], limits: [LayerLimits],
    degree: ImportanceDegree = .quadratic
  ) throws(BudgetError) {
    precondition(layers.count == limits.count, "one element of limits for each layer")
    try self.init(
      keeping: kept, of: layers, bounds: zip(layers, limits).map { $1.bounds(of: $0) },
      degree: degree)
  }

  /// The same demand with higher least counts, as a policy of stated counts has them.
  ///
  /// - Throws: `BudgetError.tooFewKept`.
  func raisingLeast(
    _ raise: (LayerProfile, LayerBounds) throws(BudgetError) -> LayerBounds
  ) throws(BudgetError) -> BudgetDemand {
    var raised: [LayerBounds] = []
    for (layer, bounds) in zip(layers, bounds) { raised.append(try raise(layer, bounds)) }
    return try BudgetDemand(keeping: kept, of: layers, bounds: raised, degree: degree)
  }

  /// The same with bounds that are known.
  ///
  /// - Throws: `BudgetError.tooFewKept` or `.tooManyKept`.
  init(
    keeping kept: Int, of layers: [LayerProfile], bounds: [LayerBounds],
    degree: ImportanceDegree = .quadratic
  ) throws(BudgetError) {
    let total = layers.reduce(0) { $0 + $1.weights }
    let least = bounds.reduce(0) { $0 + $1.least }
    let most = bounds.reduce(0) { $0 + $1.most }
    guard kept >= least else {
      throw .tooFewKept(
        demanded: kept, feasible: least, total: total, binding: Self.binding(layers, bounds))
    }
    guard kept <= most else {
      throw .tooManyKept(demanded: kept, feasible: most, total: total)
    }
    self.kept = kept
    self.layers = layers
    self.bounds = bounds
    self.degree = degree
  }

  /// The counts each layer can come to under any policy, given that the others stay in bounds.
  ///
  /// It is what can be said in advance about a policy that ranks importances.
  package var possibleCounts: [ClosedRange<Int>] {
    let least = bounds.reduce(0) { $0 + $1.least }
    let most = bounds.reduce(0) { $0 + $1.most }
    return bounds.map { own in
      let lower = max(own.least, kept - (most - own.most))
      let upper = min(own.most, kept - (least - own.least))
      return lower...upper
    }
  }

  /// The first of the layers with the largest least count.
  static func binding(_ layers: [LayerProfile], _ bounds: [LayerBounds]) -> BindingLimit? {
    var binding: BindingLimit?
    for (layer, bound) in zip(layers, bounds) {
      guard let constraint = bound.constraint, bound.least > binding?.least ?? 0 else { continue }
      binding = BindingLimit(layer: layer.name, constraint: constraint, least: bound.least)
    }
    return binding
  }
}
