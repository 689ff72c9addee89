import NeuralNetworks
import Pruning
import Storage

extension StageKind {
  package static let release = StageKind(model: "release")
}

/// Removed weights grow back as noise. How many there are depends on what shrinking has left.
struct ReleaseStage: ModelStage {
  let release: Release

  var kind: StageKind { .release }

  func keyMaterial(name: String) -> JSONObject {
    // The noise is drawn from the stage's name.
    [
      "share": JSONValue(release.share), "noise": JSONValue(release.noise),
      "draws": .string(name),
    ]
  }

  var leaves: WeightKnowledge { .atMost }

  func run(from start: StageStart, _ work: StageWork) throws -> StageResult {
    guard case .model(let base) = start else {
      preconditionFailure("a release saves no progress")
    }
    return StageResult(model: release.release(base, seed: work.drawSeed))
  }
}
