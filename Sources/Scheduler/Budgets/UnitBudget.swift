/// A policy that also says in which order whole units go.
///
/// Every unit that may go is in the order once, those of one layer by what they are worth. Its counts
/// divide what only single weights can meet.
package protocol UnitBudget: BudgetPolicy {
  /// A key for each unit of `layer` that may go, in the order in which its units go, never falling. Of
  /// all layers' units those with the smallest keys go first.
  func keys(of layer: UnitProfile) -> [Double]
}

/// The units of one hidden layer that have weights left.
package struct UnitProfile: Sendable {
  /// The layer's name, as in the schedule.
  package let name: String
  /// Units of the layer, those that are gone included.
  package let width: Int
  /// Inputs of each.
  package let inputs: Int
  /// The units that are left, the one worth least first; of equal ones the lower index.
  package let units: [Int]
  /// What those are worth, never falling.
  package let scores: [Double]

  /// - Parameter scores: what each of the `width` units is worth, finite; nil for one that is gone.
  package init(name: String, inputs: Int, scores: [Double?]) {
    self.name = name
    width = scores.count
    self.inputs = inputs
    let left = scores.indices.filter { scores[$0] != nil }.map { (score: scores[$0]!, unit: $0) }
      .sorted { ($0.score, $0.unit) < ($1.score, $1.unit) }
    units = left.map(\.unit)
    self.scores = left.map(\.score)
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

extension UnitBudget {
  /// The units of `layers` in the order in which they go; of equal keys the lower layer's first.
  package func order(of layers: [UnitProfile]) -> [UnitPlace] {
    var keyed: [(key: Double, layer: Int, position: Int)] = []
    for (index, layer) in layers.enumerated() {
      for (position, key) in keys(of: layer).enumerated() { keyed.append((key, index, position)) }
    }
    keyed.sort { ($0.key, $0.layer, $0.position) < ($1.key, $1.layer, $1.position) }
    return keyed.map { UnitPlace(layer: $0.layer, unit: layers[$0.layer].units[$0.position]) }
  }
}

extension GlobalBudget: UnitBudget {
  /// What a unit is worth: one threshold for all.
  package func keys(of layer: UnitProfile) -> [Double] { layer.scores }
}

extension UniformBudget: UnitBudget {
  /// The same share of every hidden layer's units.
  package func keys(of layer: UnitProfile) -> [Double] { layer.keys(share: Double(layer.width)) }
}

extension ErkBudget: UnitBudget {
  /// Units in proportion to the layer's weights over its inputs, ε·(inputs + outputs)/inputs.
  package func keys(of layer: UnitProfile) -> [Double] {
    let (inputs, outputs) = (Double(layer.inputs), Double(layer.width))
    return layer.keys(share: (inputs + outputs) / max(inputs, 1))
  }
}

extension LampBudget: UnitBudget {
  /// What a unit is worth over what it and all better ones of its layer are worth together.
  package func keys(of layer: UnitProfile) -> [Double] { scores(ofAscending: layer.scores) }
}
