/// What refitting survivors saves over shifting biases alone (as the compensation `ec` would under the same
/// metric), on the scoring samples, against the network before the first step.
package struct CompensationReport: Sendable {
  /// Squared errors of two ways to compensate in a step.
  package struct Errors: Sendable, Equatable {
    /// With bias shifts alone.
    package let shifted: Double
    /// With survivors refitted.
    package let refitted: Double

    package init(shifted: Double, refitted: Double) {
      self.shifted = shifted
      self.refitted = refitted
    }

    /// Nothing is refitted, as nothing has changed.
    static let none = Errors(shifted: 0, refitted: 0)

    /// Share of the error that is saved; 0 where there is none, negative where refitting is worse.
    package var saving: Double { shifted > 0 ? 1 - refitted / shifted : 0 }
  }

  /// E‖z − z*‖² over the units of each layer that are refitted, on the inputs that the refitted layers below
  /// give; from the inputs upwards. Of the last step.
  package let layers: [Errors]
  /// E‖y − y*‖² of the network's outputs behind the last step.
  package let outputs: Errors
  /// How long compensating took, all steps together.
  package let seconds: Double

  package init(layers: [Errors], outputs: Errors, seconds: Double) {
    self.layers = layers
    self.outputs = outputs
    self.seconds = seconds
  }

  /// What is to be said behind the step `next`: all errors are against the same network.
  func followed(by next: CompensationReport) -> CompensationReport {
    CompensationReport(
      layers: next.layers, outputs: next.outputs, seconds: seconds + next.seconds)
  }
}

extension CompensationReport: Equatable {
  /// Whether the same was measured; how long it took is left out.
  package static func == (left: CompensationReport, right: CompensationReport) -> Bool {
    left.layers == right.layers && left.outputs == right.outputs
  }
}
