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
  private let measured: [NetworkStatistics]

  /// Measures `network` under each of `metrics`, which may repeat themselves.
  ///
  /// - Throws: `PruningError.noSamples`, `.weightsNotFinite`, `.statisticsNotFinite`.
  package init(
    network: Network, samples: SampleSet, loss: Loss, metrics: [OutputMetric], pool: WorkerPool
  ) throws(PruningError) {
    var measured: [NetworkStatistics] = []
    for metric in metrics where !measured.contains(where: { $0.metric == metric }) {
      measured.append(
        try NetworkStatistics(of: network, on: samples, metric: metric, loss: loss, pool: pool))
    }
    self.network = network
    self.samples = samples
    self.loss = loss
    self.pool = pool
    self.measured = measured
  }

  /// The statistics under `metric`, which must be one of those measured.
  package func statistics(_ metric: OutputMetric) -> NetworkStatistics {
    measured.first { $0.metric == metric }!
  }
}
