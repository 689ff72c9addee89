import NeuralNetworks
import Schedules
import Storage

extension StageKind {
  package static let shrink = StageKind(model: "shrink")
}

/// Leaves out units that cannot matter. What shapes and weights come of it is known when it has run; it goes
/// by masks alone, so that a live weight of 0 can still be trained.
extension ShrinkSettings: StageEntry, ModelStage {
  package static var word: String { "shrink" }
  package static var kinds: [StageKind] { [.shrink] }

  package var shrinks: Bool { true }

  package func plan(in builder: inout PlanBuilder) { builder.shrink(self) }

  package var kind: StageKind { .shrink }

  package func keyMaterial(name: String) -> JSONObject { json }

  package var leaves: WeightKnowledge { .atMost }

  package func run(from start: StageStart, _ work: StageWork) throws -> StageResult {
    guard case .model(let base) = start else {
      preconditionFailure("shrinking saves no progress")
    }
    let (model, report) = shrinking.shrink(base)
    return StageResult(model: model, shrinking: report)
  }
}
