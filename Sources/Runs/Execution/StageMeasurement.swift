import NeuralNetworks
import Storage

extension StageRecord {
  /// The record of a stage that has just been computed, before it has a file.
  ///
  /// - Parameter plan: whose weights sparsity counts from, whatever shrinking has left out since.
  init(
    _ stage: PlannedStage, in plan: Plan, network: Network, metrics: [PartMetrics],
    seconds: Double, finishedAt: String
  ) {
    let total = plan.architecture.weightCount
    self.init(
      name: stage.name, kind: stage.kind, key: stage.key, parent: stage.parent,
      settings: stage.settings, file: nil, bytes: nil, sha256: nil, weights: network.remaining,
      layers: LayerCount.counts(of: network),
      sparsity: Double(total - network.remaining) / Double(total),
      metrics: metrics, wallClockSeconds: seconds, finishedAt: finishedAt)
  }
}

extension StageRecord {
  /// The record of a stage without a model of its own, with the counts of the one before it.
  init(_ stage: PlannedStage, of before: StageRecord, finishedAt: String) {
    self.init(
      name: stage.name, kind: stage.kind, key: stage.key, parent: stage.parent,
      settings: stage.settings, file: nil, bytes: nil, sha256: nil, weights: before.weights,
      layers: before.layers, sparsity: before.sparsity, metrics: [], wallClockSeconds: 0,
      finishedAt: finishedAt)
  }
}
