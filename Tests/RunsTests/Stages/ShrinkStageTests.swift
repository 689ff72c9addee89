import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Shrink stages")
struct ShrinkStageTests {
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - prune: {to: 0.7, budget: {granularity: unit}}
      - finetune: {epochs: 1}
      - prune: {to: 0.8}
      - shrink: {}
      - finetune: {epochs: 1, optimizer: continue}
      - prune: {to: 0.9, steps: 2}
      - finetune: {epochs: 1}
      - evaluate: {part: test}
    """

  private func finished(_ stages: String = Self.stages) throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + stages)
    try fixture.run()
    return fixture
  }

  private func report(_ fixture: RunFixture) throws -> VerificationReport {
    try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
  }

  @Test("layers get smaller, the answers stay, and moments go along")
  func shapes() throws {
    let fixture = try finished()
    let (before, after) = (try fixture.contents("prune-2"), try fixture.contents("shrink"))
    let (large, small) = (before.state.network, after.state.network)
    #expect(large.layers.map(\.outputs) == [7, 6, 3] && small.weightCount < large.weightCount)
    let expected = Shrinking().shrink(before.state)
    #expect(after.state == expected.state)
    #expect(after.state.optimizer?.steps == before.state.optimizer?.steps)
    #expect(after.state.optimizer != nil)
    let events = fixture.events.compactMap { event in
      if case .networkShrunk(let stage, let report) = event { (stage.name, report) } else { nil }
    }
    #expect(events.count == 1 && events[0].0 == "shrink" && events[0].1 == expected.report)
    let losses = try ["prune-2", "shrink"].map { name in
      try #require(fixture.manifest.stages.first { $0.name == name }?.metrics.first).metrics.loss
    }
    #expect(abs(losses[0] - losses[1]) < 1e-5 * losses[0])
  }

  @Test(
    "sparsities count from the network that the run began with, before a shrink stage and after")
  func sparsity() throws {
    let fixture = try finished()
    let records = try fixture.manifest.stages
    func record(_ name: String) throws -> StageRecord {
      try #require(records.first { $0.name == name })
    }
    #expect(try record("prune-2").weights == 95 - 76)
    // Of 95 weights 9 are to stay, of however many the shrunk layers have.
    #expect(try record("prune-3").weights == 9)
    #expect(try record("prune-3").sparsity == Double(86) / 95)
    let shrunk = try record("shrink")
    #expect(shrunk.sparsity == Double(95 - shrunk.weights) / 95)
    #expect(shrunk.layers.reduce(0) { $0 + $1.total } < 95)
    let totals = try ["prune-2", "shrink", "prune-3"].map { name in
      try fixture.contents(name).lineage["total"]?.intValue
    }
    #expect(totals == [nil, 95, 95])
  }

  @Test("where shrinking has left fewer weights than a later stage asks for, that stage keeps them")
  func fewer() throws {
    let fixture = try finished(
      """
      stages:
        - train: {epochs: 1}
        - prune: {to: 0.9, criterion: random}
        - shrink: {}
        - alternate: {rounds: 2, sparsity: {to: 0.901}, finetune: {epochs: 1}}
      """)
    let records = try fixture.manifest.stages
    let shrunk = try #require(records.first { $0.name == "shrink" })
    #expect(shrunk.weights < 9)
    #expect(records.last?.weights == shrunk.weights)
  }

  @Test("weights behind it are not known before it has run, and known afterwards")
  func plan() throws {
    let fixture = try RunFixture(RunFixture.head + Self.stages)
    let plan = try fixture.session().preview().plan
    #expect(
      plan.stages.map(\.weights)
        == [95, 35, 35, 19, nil, nil, nil, nil, nil].map { weights in
          weights == 35 ? plan.stages[1].weights : weights
        })
    #expect(plan.stages.map(\.mostWeights).last == 9 * 3)
    let done = try fixture.run().plan
    #expect(done.stages.map(\.weights).suffix(3) == [9, 9, 9])
    #expect(try fixture.run().computed == 0)
  }

  @Test("interrupted anywhere the run ends in the same bits, and all that is stored is sound")
  func interrupted() throws {
    for tail in ["", "\ncheckpoints: {delta: true}"] {
      let fixture = try finished(Self.stages + tail)
      let expected = try fixture.checkpoints()
      let sound = try report(fixture)
      #expect(sound.findings.isEmpty && sound.notes.isEmpty && sound.checkpoints == 8)
      for stop in stride(from: 1, through: fixture.questions, by: 4) {
        _ = try? fixture.run(stopAt: stop) { $0.fresh = true }
        let halfway = try report(fixture)
        #expect(halfway.findings.isEmpty)
        try fixture.run(threads: 2)
        #expect(fixture.warnings.isEmpty)
        #expect(try fixture.differences(from: expected) == [], "stopped at \(stop)")
      }
    }
  }

  @Test("a checkpoint that is not listed is taken up, and one that is gone computed again")
  func recovered() throws {
    let fixture = try finished()
    let expected = try fixture.checkpoints()
    try fixture.changeManifest {
      $0.stages.removeAll { $0.name == "shrink" || $0.name == "finetune-3" }
    }
    try fixture.run()
    #expect(fixture.warnings.contains { $0.contains("are taken up: shrink, finetune-3") })
    #expect(try fixture.differences(from: expected) == [])
    let replay = try StageReplay(
      session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
    ).run(stage: "shrink", restores: false)
    #expect(replay.isSame)
  }

  @Test("what needs shapes or units that are gone is an error of the plan")
  func refused() throws {
    func message(_ stages: String) -> String {
      let failure = #expect(throws: PlanObstacle.self) { try PlanFixture.plan(stages) }
      return failure.map { "\($0)" } ?? ""
    }
    let begin = "stages: [train: {epochs: 2}, prune: {to: 0.5}, shrink: {}, "
    #expect(
      message(begin + "rewind: {to: train}]")
        == "stage rewind: it would rewind to before shrink, to layers with units that are gone since; "
        + "rewind to a later stage, or put shrink after it")
    for tail in [
      "alternate: {rounds: 2, sparsity: {to: 0.8}, rewind: {to: train}, finetune: {epochs: 1}}]",
      "alternate: {sparsity: {step: 0.5}, until: {validation: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}]",
      "prune: {budget: {granularity: {n_of_m: {keep: 2, of: 4}}}}]",
      "prune: {budget: {policy: optimal, limit: {multiply_adds: 20}}}]",
    ] {
      let text = message(begin + tail)
      #expect(text.contains("shrink"), "\(tail): \(text)")
    }
    // To what was trained behind it there is a way back.
    let plan = try PlanFixture.plan(
      begin + "train: {epochs: 1}, prune: {to: 0.9}, rewind: {to: train-2}]")
    #expect(plan.stages.count == 6)
  }
}
