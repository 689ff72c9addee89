/// What a budget policy knows about one layer.
package struct LayerProfile: Sendable {
  /// The most weights one layer may have, 2^40; up to there all counts are exact in Double.
  package static let maximumWeights = 1 << 40

  /// The layer's name, as in the schedule and in messages.
  package let name: String
  /// Number of output units.
  package let outputs: Int
  /// Number of input units.
  package let inputs: Int
  /// Number of weights not yet removed, 0…`weights`.
  package let remaining: Int
  /// Importance of each remaining weight in row-major order, finite and not negative; nil before
  /// anything is measured.
  package let importances: [Float]?
  /// What pruning this layer alone costs, from `remaining` weights downwards; nil before it is
  /// measured.
  package let curve: ErrorCurve?

  /// A layer with `remaining` of its `outputs`·`inputs` weights left; nil stands for all of them.
  ///
  /// - Throws: `BudgetError.layerSize`, `.remainingOutOfRange`, `.importanceCount`,
  ///   `.importanceInvalid`, `.curveStart`.
  package init(
    name: String, outputs: Int, inputs: Int, remaining: Int? = nil, importances: [Float]? = nil,
    curve: ErrorCurve? = nil
  ) throws(BudgetError) {
    let (weights, overflow) = outputs.multipliedReportingOverflow(by: inputs)
    guard outputs >= 0, inputs >= 0, !overflow, weights <= Self.maximumWeights else {
      throw .layerSize(layer: name, outputs: outputs, inputs: inputs)
    }
    let remaining = remaining ?? weights
    guard remaining >= 0, remaining <= weights else {
      throw .remainingOutOfRange(layer: name, remaining: remaining, weights: weights)
    }
    if let importances {
      guard importances.count == remaining else {
        throw .importanceCount(layer: name, importances: importances.count, remaining: remaining)
      }
      if let index = importances.firstIndex(where: { !($0 >= 0 && $0 < .infinity) }) {
        throw .importanceInvalid(layer: name, index: index, value: importances[index])
      }
    }
    if let curve, curve.points[0].kept != remaining {
      throw .curveStart(layer: name, kept: curve.points[0].kept, remaining: remaining)
    }
    self.name = name
    self.outputs = outputs
    self.inputs = inputs
    self.remaining = remaining
    self.importances = importances
    self.curve = curve
  }

  /// Number of weights before any were removed, `outputs`·`inputs`.
  package var weights: Int { outputs * inputs }

  /// The same layer with fewer weights left and nothing measured, as planning sees later rounds.
  ///
  /// - Throws: `BudgetError.remainingOutOfRange`.
  package func with(remaining: Int) throws(BudgetError) -> LayerProfile {
    try LayerProfile(name: name, outputs: outputs, inputs: inputs, remaining: remaining)
  }

  /// The same layer with its error curve.
  ///
  /// - Throws: `BudgetError.curveStart`.
  package func with(curve: ErrorCurve) throws(BudgetError) -> LayerProfile {
    try LayerProfile(
      name: name, outputs: outputs, inputs: inputs, remaining: remaining,
      importances: importances, curve: curve)
  }
}
