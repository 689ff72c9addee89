import RunFixtures
import Runs
import Testing

@Suite("What is to be done") struct WalkTests {
  private let plan: Plan

  init() throws {
    plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - evaluate: {}
        - prune: {to: 0.5}
        - rewind: {to: train}
        - finetune: {epochs: 1}
      """)
  }

  /// The walk where the stages called `recorded` have records, and a checkpoint where `stored` says so.
  private func walk(_ recorded: [String], stored: [String]) throws -> Walk {
    var records: [String: StageRecord] = [:]
    var present: Set<String> = []
    for stage in plan.stages where recorded.contains(stage.name) {
      records[stage.key] = try RecordFixture.record(stage.key, parent: stage.parent)
      if stored.contains(stage.name) { present.insert(stage.key) }
    }
    return Walk(plan, records) { present.contains($0.key) }
  }

  private func needed(_ walk: Walk, until end: Int? = nil) -> [String] {
    walk.needed(until: end).compactMap { plan.stage(under: $0.key)?.name }
  }

  @Test("without records all is open, and begins with nothing that is stored")
  func fresh() throws {
    let walk = try walk([], stored: [])
    #expect(walk.first == 0 && walk.goesOnFrom == nil)
    #expect(walk.open().map(\.name) == plan.stages.map(\.name))
    #expect(needed(walk) == [])
  }

  @Test("a checkpoint makes its stage and all before it done, but no leaf")
  func models() throws {
    let walk = try walk(["train", "prune"], stored: ["prune"])
    #expect(walk.first == 3 && walk.goesOnFrom?.name == "prune")
    #expect(walk.open().map(\.name) == ["evaluate", "rewind", "finetune"])
    // The leaf measures the training, and the rewinding goes back to it.
    #expect(needed(walk) == ["train", "prune"])
    #expect(walk.open(until: 3).map(\.name) == ["evaluate"])
    #expect(needed(walk, until: 3) == ["train"])
  }

  @Test("a record makes a leaf done; one without its checkpoint makes no model so")
  func records() throws {
    let walk = try walk(["train", "evaluate", "prune"], stored: ["train"])
    #expect(walk.first == 1)
    #expect(walk.open().map(\.name) == ["prune", "rewind", "finetune"])
    #expect((0..<5).map(walk.isOpen) == [false, false, true, true, true])
  }
}
