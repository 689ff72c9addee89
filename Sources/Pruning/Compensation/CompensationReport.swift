/// What refitting survivors saves over shifting biases alone (the compensation `ec` under the same
/// metric), on the scoring samples.
package struct CompensationReport: Sendable, Equatable {
  /// Squared errors of two ways to compensate.
  package struct Errors: Sendable, Equatable {
    /// With bias shifts alone.
    package let shifted: Double
    /// With survivors refitted.
    package let refitted: Double

    package init(shifted: Double, refitted: Double) {
      self.shifted = shifted
      self.refitted = refitted
    }

    /// Share of the error that is saved; 0 where there is none, negative where refitting is worse.
    package var saving: Double { shifted > 0 ? 1 - refitted / shifted : 0 }

    static func + (left: Errors, right: Errors) -> Errors {
      Errors(
        shifted: left.shifted + right.shifted, refitted: left.refitted + right.refitted)
    }
  }

  /// E‖Δz‖² of each layer, given the inputs it had before; from the inputs upwards.
  package let layers: [Errors]
  /// E‖Δy‖² of the network's outputs.
  package let outputs: Errors

  package init(layers: [Errors], outputs: Errors) {
    self.layers = layers
    self.outputs = outputs
  }

  /// The errors of two steps, added; each step's are against the network before it.
  static func + (left: CompensationReport, right: CompensationReport) -> CompensationReport {
    CompensationReport(
      layers: zip(left.layers, right.layers).map { $0 + $1 }, outputs: left.outputs + right.outputs)
  }
}
