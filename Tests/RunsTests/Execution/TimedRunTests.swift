import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Scheduler
import Storage
import Testing

@Suite("Pruning to a limit of milliseconds") struct TimedRunTests {
  private static func stages(_ milliseconds: String, batch: Int = 1, more: String = "") -> String {
    """
    stages:
      - train: {epochs: 2}
      - prune:
          budget: {policy: optimal, limit: {milliseconds: \(milliseconds), batch: \(batch)}}\(more)
      - finetune: {epochs: 1}
      - evaluate: {part: test}
    """
  }

  /// Times that no machine has: `each` nanoseconds for a weight of each layer, 100 for a layer.
  private static func times(
    _ each: [Double], of architecture: Architecture, batch: Int = 1
  ) throws -> InferenceTimes {
    InferenceTimes(
      of: architecture, batch: batch, threads: 1,
      layers: try zip(architecture.profiles(), each).map { layer, each in
        try LayerTime(
          measured: LayerTime.counts(of: layer.weights).map {
            LayerTime.Point(kept: $0, nanoseconds: 100 + each * Double($0))
          })
      })
  }

  /// A run that is trained, with `times` stored before they are used.
  private func fixture(
    _ stages: String, each: [Double] = [1000, 10, 10]
  ) throws -> RunFixture {
    let fixture = try RunFixture(RunFixture.head + stages)
    let plan = try fixture.run { $0.until = "train" }.plan
    #expect(try fixture.manifest.times.isEmpty)
    try fixture.changeManifest {
      $0.times = [try! Self.times(each, of: plan.architecture)]
    }
    return fixture
  }

  private func measurements(_ fixture: RunFixture) -> [InferenceTimes] {
    fixture.events.compactMap {
      if case .layersTimed(_, let times) = $0 { return times }
      return nil
    }
  }

  @Test("what layers take is measured once, stored, and met; nothing of it is measured again")
  func measured() throws {
    // So long that nothing goes, whatever the machine does.
    let fixture = try RunFixture(RunFixture.head + Self.stages("1000"))
    let (plan, manifest, computed) = try fixture.run()
    #expect(computed == 4)
    let times = try #require(manifest.times.first)
    #expect(manifest.times.count == 1 && times.fits(plan.architecture, batch: 1))
    #expect(times.layers.map { $0.points[0].kept } == [35, 42, 18])
    #expect(times.layers.allSatisfy { $0.points[0].nanoseconds > 0 })
    #expect(measurements(fixture) == [times])
    #expect(manifest.stages.map(\.weights) == [95, 95, 95, 95])
    // Known from the records now, and the same run has nothing to do.
    #expect(plan.stages.map(\.weights) == [95, 95, 95, 95])
    #expect(try fixture.run().computed == 0)
    #expect(measurements(fixture).isEmpty)
  }

  @Test("stored times are obeyed, and weights go where they take time")
  func stored() throws {
    let fixture = try fixture(Self.stages("0.01"))
    try fixture.run()
    #expect(measurements(fixture).isEmpty)
    let record = try #require(try fixture.manifest.stages.first { $0.name == "prune" })
    let counts = record.layers.map(\.weights)
    let limit = CallTime(milliseconds: 0.01).limit(try fixture.manifest.times[0].layers)
    #expect(limit.nanoseconds(keeping: counts) <= 10_000)
    // One weight more of the first layer alone would be too much.
    #expect(counts[0] <= 9 && counts[0] >= 8, "\(counts)")
    #expect((counts[1] + counts[2]) * 35 > counts[0] * 60, "\(counts)")
    let report = try #require(
      fixture.events.compactMap { event in
        if case .weightsPruned(_, let report) = event { return report.budget }
        return nil
      }.first)
    #expect(report.nanoseconds == zip(limit.times, counts).map { $0.nanoseconds(keeping: $1) })
    #expect(report.gap >= 0)
    // The checkpoint says by what it was made.
    let lineage = try fixture.contents("prune").lineage
    #expect(try InferenceTimes(json: #require(lineage["times"])) == fixture.manifest.times[0])
    #expect(try fixture.contents("finetune").lineage["times"] == nil)
    // Other times, other counts.
    let other = try self.fixture(Self.stages("0.01"), each: [10, 1000, 10])
    try other.run()
    let others = try #require(try other.manifest.stages.first { $0.name == "prune" }).layers
    #expect(others.map(\.weights) != counts && others[1].weights <= 9)
  }

  @Test("the same run ends in the same bits, whenever it is interrupted, and computed again")
  func bits() throws {
    let stages = Self.stages("0.012", more: "\n      steps: 3")
    let fixture = try fixture(stages)
    try fixture.run()
    let expected = try fixture.checkpoints()
    let key = try #require(try fixture.manifest.stages.first { $0.name == "prune" }).key
    for stop in 1..<8 {
      let again = try self.fixture(stages)
      _ = try? again.run(stopAt: stop)
      try again.run(threads: 2)
      #expect(try again.differences(from: expected).isEmpty, "after question \(stop)")
    }
    // Damaged, and computed anew by what is stored.
    let file = try fixture.checkpoint("prune")
    try DurableFile.remove(fixture.folder.file(file))
    try DurableFile.remove(fixture.folder.file(fixture.checkpoint("finetune")))
    try fixture.run()
    #expect(try fixture.differences(from: expected).isEmpty)
    #expect(try fixture.manifest.record(of: key)?.layers.count == 3)
    for stage in ["prune", "finetune"] {
      let outcome = try StageReplay(
        session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
      ).run(stage: stage, restores: false)
      #expect(outcome.isSame, "\(stage): \(outcome.differences)")
    }
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.isEmpty)
  }

  @Test("a lost manifest is made up from checkpoints, times included; without, nothing is replayed")
  func lost() throws {
    let fixture = try fixture(Self.stages("0.01"))
    try fixture.run()
    let (times, expected) = (try fixture.manifest.times, try fixture.checkpoints())
    try DurableFile.remove(fixture.run.manifest)
    #expect(try fixture.run().computed == 1)
    #expect(try fixture.manifest.times == times)
    #expect(try fixture.differences(from: expected).isEmpty)
    #expect(
      try fixture.session().preview().plan.stages[1].weights == fixture.manifest.stages[1].weights)
    try fixture.changeManifest { $0.times = [] }
    let failure = try #require(throws: RunFailure.self) {
      try StageReplay(
        session: fixture.session(), pool: WorkerPool(threadCount: 1), events: { _ in }
      ).run(stage: "prune", restores: false)
    }
    #expect("\(failure)".contains("what layers take is not recorded"))
  }

  @Test("a time that cannot be met is an error with the nearest that can")
  func infeasible() throws {
    let fixture = try fixture(Self.stages("0.001"))
    let failure = try #require(throws: RunFailure.self) { try fixture.run() }
    guard case .failed(let stage, let reason) = failure else {
      Issue.record("\(failure)")
      return
    }
    #expect(stage == "prune")
    #expect(
      reason.contains(
        "cannot get down to 0.001 milliseconds: the network keeps 3 weights at least and takes "
          + "0.00132 then, 83 % of it in hidden1; the nearest feasible limit is 0.00132"))
    try fixture.write(schedule: RunFixture.head + Self.stages("0.00132"))
    try fixture.run()
    #expect(try fixture.manifest.stages.first { $0.name == "prune" }?.weights == 3)
  }

  @Test("before it runs the plan knows no counts, and what needs them cannot follow")
  func plan() throws {
    let plan = try PlanFixture.plan(Self.stages("0.01"))
    #expect(plan.stages.map(\.weights) == [95, nil, nil, nil])
    #expect(plan.stages.map(\.sparsity) == [0, nil, nil, nil])
    #expect(plan.stages[1].bounds == [1...35, 1...42, 1...18])
    #expect(plan.stages[1].findsWeights && !plan.stages[2].findsWeights)
    // Another number of samples is another stage.
    #expect(
      try PlanFixture.plan(Self.stages("0.01", batch: 2)).stages[1].key != plan.stages[1].key)
    for (stage, message) in [
      ("prune: {to: 0.9}", "stage prune-2: it comes after prune with its limit"),
      (
        "alternate: {until: {validation: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}",
        "stage alternate: it comes after prune with its limit"
      ),
      ("rewind: {to: train}", "stage rewind: it would rewind to before prune with its limit"),
    ] {
      let failure = try #require(throws: PlanObstacle.self) {
        try PlanFixture.plan(Self.stages("0.01") + "\n  - \(stage)")
      }
      #expect("\(failure)".contains(message))
    }
  }
}
