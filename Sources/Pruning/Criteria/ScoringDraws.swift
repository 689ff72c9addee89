import NumericCore

/// What scoring draws at random, and by what seed.
package struct ScoringDraws: Sendable, Equatable {
  /// Belongs to one stage.
  package let seed: UInt64
  /// Random combinations that stand for the outputs of a network with more than
  /// `NetworkStatistics.mostExactOutputs`; at least 1.
  package let probes: Int

  /// How many probes there are unless stated.
  package static let standardProbes = 32

  package init(seed: UInt64 = 0, probes: Int = ScoringDraws.standardProbes) {
    precondition(probes >= 1, "at least one probe")
    self.seed = seed
    self.probes = probes
  }

  /// The draws of step `step` of a stage, from 1, independent of the other steps'.
  package func step(_ step: Int) -> ScoringDraws {
    ScoringDraws(seed: Philox.seed(seed, named: "step \(step)"), probes: probes)
  }
}
