/// In which order whole units go.
///
/// Every unit that may go is in the order once, those of one layer by what they are worth.
package struct UnitRule: Sendable {
  /// A key for each unit of a layer that may go, in the order in which its units go, never falling. Of
  /// all layers' units those with the smallest keys go first.
  package let keys: @Sendable (UnitProfile) -> [Double]
  /// What divides the weights that are left to go where no unit can.
  package let counts: BudgetRule.Counts
  /// The total that follows from what is stated; nil where nothing is.
  package var total: BudgetRule.Total? = nil

  /// The units of `layers` in the order in which they go; of equal keys the lower layer's first.
  package func order(of layers: [UnitProfile]) -> [UnitPlace] {
    var keyed: [(key: Double, layer: Int, position: Int)] = []
    for (index, layer) in layers.enumerated() {
      for (position, key) in keys(layer).enumerated() { keyed.append((key, index, position)) }
    }
    keyed.sort { ($0.key, $0.layer, $0.position) < ($1.key, $1.layer, $1.position) }
    return keyed.map { UnitPlace(layer: $0.layer, unit: layers[$0.layer].units[$0.position]) }
  }
}

/// The units of one hidden layer that have weights left.
package struct UnitProfile: Sendable {
  /// Units of the layer, those that are gone included.
  package let width: Int
  /// Inputs of each.
  package let inputs: Int
  /// The units that are left in the order in which they go.
  package let units: [Int]
  /// What those are worth, the one that is worth least first.
  package let scores: [Double]
  /// How these grow with the weights.
  let degree: ImportanceDegree
  /// The share of units that the policy `manual` takes away; nil where none is stated.
  let stated: Sparsity?

  /// - Parameter scores: what each of the `width` units is worth, finite; nil for one that is gone.
  package init(
    inputs: Int, scores: [Double?], degree: ImportanceDegree = .quadratic, stated: Sparsity? = nil
  ) {
    let left = scores.indices.filter { scores[$0] != nil }.map { (unit: $0, score: scores[$0]!) }
      .sorted { ($0.score, $0.unit) < ($1.score, $1.unit) }
    self.init(inputs: inputs, width: scores.count, ordered: left, degree: degree, stated: stated)
  }

  /// - Parameter ordered: the units that are left in the order in which they go, with what each is worth when
  ///   its turn comes, finite and never falling.
  package init(
    inputs: Int, width: Int, ordered: [(unit: Int, score: Double)],
    degree: ImportanceDegree = .quadratic, stated: Sparsity? = nil
  ) {
    self.degree = degree
    self.stated = stated
    self.width = width
    self.inputs = inputs
    units = ordered.map(\.unit)
    scores = ordered.map(\.score)
  }

  /// The keys by which units go as a divisor method takes them away: with `share` the layer's claim,
  /// the unit that is the k-th to be left has the key share/(2k − 1), as in `Apportionment`.
  func keys(share: Double) -> [Double] {
    units.indices.map { share / Double(2 * (units.count - $0) - 1) }
  }
}

/// Which unit of which hidden layer.
package struct UnitPlace: Sendable, Hashable {
  /// From the inputs upwards.
  package let layer: Int
  /// The row of the layer's weights.
  package let unit: Int

  package init(layer: Int, unit: Int) {
    self.layer = layer
    self.unit = unit
  }
}
