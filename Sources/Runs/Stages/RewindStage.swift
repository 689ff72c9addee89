import NeuralNetworks
import Schedules
import Storage

extension StageKind {
  package static let rewind = StageKind(model: "rewind")
}

/// Surviving weights go back to what they were after an earlier stage, the work's origin.
struct RewindStage: ModelStage {
  var kind: StageKind { .rewind }

  // The origin's key is part of every key that has one.
  func keyMaterial(name: String) -> JSONObject { [:] }

  func run(from start: StageStart, _ work: StageWork) throws -> StageResult {
    guard case .model(let base) = start else {
      preconditionFailure("a rewinding saves no progress")
    }
    return StageResult(model: base.rewound(to: try work.origin().network))
  }
}

extension RewindSettings: StageEntry {
  package static var word: String { "rewind" }
  package static var kinds: [StageKind] { [.rewind] }

  package var rewind: RewindSettings? { self }

  package func plan(in builder: inout PlanBuilder) throws {
    let origin = builder.place(of: self)
    if let open = builder.open, origin.isBefore(open) {
      throw PlanFault(
        "it would rewind to before \(builder.openName(open)), and how many weights that leaves is "
          + "known only when it has run; rewind "
          + (builder.isSearch(open) ? "within the search, or to" : "to") + " a later stage")
    }
    try builder.demandSameShapes(as: origin, for: "it")
    builder.add(.model(RewindStage()), origin: origin)
  }
}
