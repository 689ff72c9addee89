import RunFixtures
import Testing

@Suite("Collapse in a run")
struct ExecutorCollapseTests {
  private func warnings(_ stages: String) throws -> [String] {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 30}, \(stages)]")
    try fixture.run()
    return fixture.warnings
  }

  private static let ruin = "prune: {to: 0.97, criterion: random, compensation: none}"

  @Test("a stage that ruins the network says so once, and what to do")
  func warned() throws {
    let found = try warnings(Self.ruin + ", evaluate: {}")
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("stage prune: the accuracy fell from ") == true)
    #expect(
      found.first?.contains(" on the validation part, and no training follows; lower") == true)
    #expect(
      found.first?.hasSuffix("let it have steps: 18 and compensation: least_squares") == true)
  }

  @Test("where training follows, or the network holds, nothing is said")
  func silent() throws {
    #expect(try warnings(Self.ruin + ", shrink: {}, finetune: {epochs: 1}").isEmpty)
    #expect(try warnings("prune: {to: 0.1}").isEmpty)
    #expect(
      try warnings(
        "alternate: {rounds: 1, sparsity: {to: 0.97}, prune: {criterion: random}, "
          + "finetune: {epochs: 1}}"
      ).isEmpty)
  }

  @Test("a run that starts from a model compares with that")
  func started() throws {
    let fixture = try RunFixture(RunFixture.head + "stages: [train: {epochs: 30}]")
    try fixture.run()
    let model = fixture.run.result
    let head = RunFixture.head.replacing(
      "model: {hidden: [7, 6], initialization: he_normal}", with: "model: {start: \(model)}"
    ).replacing(", scale: standard", with: "").replacing("name: tiny", with: "name: other")
    try fixture.write(schedule: head + "stages: [\(Self.ruin)]")
    try fixture.run()
    #expect(fixture.warnings.count == 1)
  }

  @Test("events of stages that change the model come in the order of the stages")
  func order() throws {
    let fixture = try RunFixture(
      RunFixture.head + """
        stages:
          - train: {epochs: 1}
          - alternate: {rounds: 2, sparsity: {to: 0.8}, budget: {granularity: unit}, finetune: {epochs: 1}}
          - shrink: {}
          - evaluate: {}
          - prune: {to: 0.9}
        """)
    try fixture.run()
    let positions = fixture.events.compactMap { event -> Int? in
      switch event {
      case .weightsPruned(let stage, _), .networkShrunk(let stage, _), .stageFinished(let stage, _):
        stage.position
      default: nil
      }
    }
    #expect(positions == positions.sorted() && positions.count == 8 + 4)
  }
}
