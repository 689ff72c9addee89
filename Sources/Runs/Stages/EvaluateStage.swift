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

  package func run(on model: ModelState, _ work: LeafWork) throws(RunFailure) -> LeafResult {
    LeafResult(metrics: [try work.stage.metrics(of: model, on: part)])
  }
}
