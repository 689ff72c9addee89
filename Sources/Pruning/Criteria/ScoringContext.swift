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
  /// What refitting goes by; nil unless asked for.
  package let target: RefitTarget?

  /// Measures `network` under each of `metrics`, which may repeat themselves.
  ///
  /// - Parameters:
  ///   - draws: decides what is random in it.
  ///   - original: the network before the first step where a compensation regresses, which then goes by
  ///     it; nil for none.
  ///   - previous: a context of an earlier step with the same samples and original.
  /// - Throws: `PruningError.noSamples`, `.weightsNotFinite`, `.statisticsNotFinite`, `.interrupted`.
  package init(
    network: Network, samples: SampleSet, loss: Loss, metrics: [OutputMetric], pool: WorkerPool,
    draws: ScoringDraws = ScoringDraws(), regressingTo original: Network? = nil,
    after previous: ScoringContext? = nil
  ) throws(PruningError) {
    var measured: [NetworkStatistics] = []
    let probes = OutputProbes(count: draws.probes, seed: draws.seed)
    for metric in metrics where !measured.contains(where: { $0.metric == metric }) {
      measured.append(
        try NetworkStatistics(
          of: network, on: samples, metric: metric, loss: loss, probes: probes, pool: pool))
    }
    if samples.count == 0 { throw .noSamples }
    self.network = network
    self.samples = samples
    self.loss = loss
    self.pool = pool
    self.draws = draws
    self.measured = measured
    target = original.map { previous?.target ?? RefitTarget($0, on: samples, pool: pool) }
    try pool.checkInterruption()
  }

  /// The statistics under `metric`, which must be one of those measured.
  package func statistics(_ metric: OutputMetric) -> NetworkStatistics {
    measured.first { $0.metric == metric }!
  }
}
