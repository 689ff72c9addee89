import Datasets
import NeuralNetworks

/// The network before the first pruning, which evaluations compare with.
extension Executor {
  /// What that network makes of the part `part`, for the leaf `stage`; nil where nothing has been pruned before
  /// it, and where the network is not there any more: it is not computed again for this.
  func denseScores(before stage: PlannedStage, on part: DataPartName) throws -> DenseScores? {
    guard let dense = plan.dense(before: stage) else { return nil }
    if let known = knownDense, known.key == dense.key, known.part == part { return known.scores }
    guard let model = try storedQuietly(dense.key), let samples = try data()[part],
      samples.count > 0
    else { return nil }
    let evaluator = Evaluator(
      samples: samples, loss: plan.loss, targetScaling: model.targetScaling,
      pool: environment.pool)
    let scores = DenseScores(
      stage: dense.name, metrics: evaluator.metrics(of: model.network),
      scores: evaluator.scores(of: model.network))
    try samples.demandRead()
    knownDense = (dense.key, part, scores)
    return scores
  }

  /// The model under `key`. What is damaged is left to whoever needs it.
  private func storedQuietly(_ key: String) throws -> ModelState? {
    if key == plan.root.key { return try data().model(of: plan.initialNetwork, loss: plan.loss) }
    try commits.finish()
    guard let record = manifest.record(of: key), record.file != nil else { return nil }
    return try? commits.store.contents(of: record).state
  }
}

extension Plan {
  /// The model that the first pruning before `stage` began with: its key, and the name of its stage. Nil where
  /// nothing has been pruned before it, or that model was a random one.
  func dense(before stage: PlannedStage) -> (key: String, name: String)? {
    var found: (key: String, name: String)?
    var key = stage.parent
    var steps = 0
    while let next = self.stage(under: key), steps <= stages.count {
      if next.kind == .prune || next.kind == .search {
        let before = self.stage(under: next.parent)
        found = before.map { ($0.key, $0.name) } ?? (next.parent, "the starting model")
      }
      key = next.parent
      steps += 1
    }
    if let found, found.key == root.key, start == nil { return nil }
    return found
  }
}
