import Engine
import NeuralNetworks
import NumericCore

/// What criteria and compensations may look at: the network before a round, the samples it is scored
/// on, and the statistics they asked for, each measured once.
package struct ScoringContext: Sendable {
  package let network: Network
  package let samples: SampleSet
  /// What the network was trained for.
  package let loss: Loss
  package let pool: WorkerPool
  package let draws: ScoringDraws
  private let measured: [NetworkStatistics]
  /// Of each layer's inputs; empty unless asked for.
  package let inputCovariances: [InputCovariance]
  /// Regressions on each layer's inputs, by their covariances; nil where no input varies.
  package let regressions: [RidgeRegression?]

  /// Measures `network` under each of `metrics`, which may repeat themselves.
  ///
  /// - Parameters:
  ///   - draws: decides what is random in it.
  ///   - regresses: whether covariances of the layers' inputs are wanted, for regressions; then at least
  ///     one metric is.
  ///   - previous: a context with the same samples, whose network's inputs are therefore the same.
  /// - Throws: `PruningError.noSamples`, `.weightsNotFinite`, `.statisticsNotFinite`, `.interrupted`.
  package init(
    network: Network, samples: SampleSet, loss: Loss, metrics: [OutputMetric], pool: WorkerPool,
    draws: ScoringDraws = ScoringDraws(), regresses: Bool = false,
    after previous: ScoringContext? = nil
  ) throws(PruningError) {
    precondition(!regresses || !metrics.isEmpty, "covariances come from a pass of statistics")
    let known = previous?.inputCovariances.first
    let wanted = regresses ? Array(network.layers.indices.dropFirst(known == nil ? 0 : 1)) : []
    var measured: [NetworkStatistics] = []
    let probes = OutputProbes(count: draws.probes, seed: draws.seed)
    for metric in metrics where !measured.contains(where: { $0.metric == metric }) {
      measured.append(
        try NetworkStatistics(
          of: network, on: samples, metric: metric, loss: loss, probes: probes,
          covariancesOf: measured.isEmpty ? wanted : [], pool: pool))
    }
    if samples.count == 0 { throw .noSamples }
    self.network = network
    self.samples = samples
    self.loss = loss
    self.pool = pool
    self.draws = draws
    self.measured = measured
    guard regresses else {
      (inputCovariances, regressions) = ([], [])
      return
    }
    inputCovariances = (known.map { [$0] } ?? []) + measured[0].inputCovariances
    let first = known == nil ? nil : previous?.regressions.first ?? nil
    regressions = inputCovariances.enumerated().map { index, covariance in
      if index == 0, known != nil { return first }
      return RidgeRegression(covariance, share: LeastSquares.ridgeShare)
    }
  }

  /// The statistics under `metric`, which must be one of those measured.
  package func statistics(_ metric: OutputMetric) -> NetworkStatistics {
    measured.first { $0.metric == metric }!
  }
}
