import Datasets
import NeuralNetworks
import Schedules
import Storage

extension StageKind {
  package static let evaluate = StageKind(leaf: "evaluate")
}

/// Measures the model on one part of the data.
extension EvaluateSettings: StageEntry, LeafStage {
  package static var word: String { "evaluate" }
  package static var kinds: [StageKind] { [.evaluate] }

  package func plan(in builder: inout PlanBuilder) { builder.add(.leaf(self)) }

  package var kind: StageKind { .evaluate }

  package func keyMaterial(name: String) -> JSONObject { json }

  package func run(on model: ModelState, _ work: LeafWork) throws -> LeafResult {
    let metrics = try work.stage.metrics(of: model, on: part)
    let evaluation = try work.evaluation(of: model, on: part)
    try work.stage.data.demandAllRead()
    return LeafResult(metrics: [metrics], evaluation: evaluation)
  }
}

extension LeafWork {
  /// Errors that are kept in memory to be counted, at most.
  private static let mostErrors = 4_000_000

  /// What there is to be found of `model` on `part` beside its metrics; nil where there is no such part.
  fileprivate func evaluation(
    of model: ModelState, on part: DataPartName
  ) throws -> EvaluationRecord? {
    guard let samples = stage.data[part], samples.count > 0 else { return nil }
    let evaluator = Evaluator(
      samples: samples, loss: stage.loss, targetScaling: model.targetScaling, pool: stage.pool)
    let network = model.network
    var residuals: [ResidualCounts] = []
    if case .values = samples.targets, samples.count * network.outputs <= Self.mostErrors {
      let all = evaluator.errors(of: network).map(ResidualCounts.init)
      if !all.contains(nil) { residuals = all.compactMap { $0 } }
    }
    return EvaluationRecord(
      samples: samples.count, classes: evaluator.classCounts(of: network), residuals: residuals,
      against: try dense(part).map {
        DenseComparison(evaluator.scores(of: network), against: $0)
      })
  }
}
