import NumericCore
import RunFixtures
import Runs
import Schedules
import Storage
import Testing

@Suite("The estimate of a plan") struct PlanEstimateTests {
  private static let machine = machine(threads: 1)
  private static func machine(threads: Int) -> MachineIdentity {
    MachineIdentity(processor: "", features: [], threads: threads, processors: 2, version: "")
  }
  private static let stages = """
    stages:
      - train: {epochs: 2}
      - evaluate: {part: test}
      - prune: {to: 0.5}
      - finetune: {epochs: 3, batch: 10}
    """

  /// Times in which every step takes 1 ms, every measuring 10 ms, a checkpoint 300 ms and 1000 bytes,
  /// committing 20 ms, and what else there is 100 ms.
  private static func times(
    for costs: StageCosts, without word: String = "nothing", threads: Int = 1
  ) -> WorkTimes {
    var times = WorkTimes(machine(threads: threads))
    for work in costs.all where !work.name.hasPrefix(word) {
      let name = work.name
      times[name] =
        name.hasPrefix("step") || name.hasPrefix("beginning")
        ? WorkMeasurement(seconds: name.hasPrefix("step") ? 0.001 : 0)
        : name.hasPrefix("metrics")
          ? WorkMeasurement(seconds: 0.01)
          : name.hasPrefix("checkpoint")
            ? WorkMeasurement(seconds: 0.3, bytes: 1000)
            : WorkMeasurement(seconds: name.hasPrefix("commit") ? 0.02 : 0.1)
    }
    return times
  }

  private static func isClose(_ one: Double?, _ other: Double) -> Bool {
    abs((one ?? .nan) - other) < 1e-9
  }

  @Test("counts steps and measurements of each stage, and what is written beside")
  func seconds() throws {
    let plan = try PlanFixture.plan(Self.stages)
    let costs = StageCosts(of: plan, writing: .standard)
    let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs))
    let seconds = estimate.stages.map(\.seconds)
    // 2 epochs of 3 steps, each measured, and the model at the end: 6 + 20 + 10 ms.
    #expect(Self.isClose(seconds[0], 0.036))
    #expect(Self.isClose(seconds[1], 0.1) && Self.isClose(seconds[2], 0.11))
    // 3 epochs of 4 steps.
    #expect(Self.isClose(seconds[3], 0.052))
    #expect(estimate.stages.map(\.bytes) == [1000, nil, 1000, 1000])
    // Beside checkpoints there are events, the manifest and the report.
    #expect(estimate.recordBytes > 100_000 && estimate.bytes == 3000 + estimate.recordBytes)
    // A checkpoint is compressed while the next stage is computed: 200, 248 and 300 ms are left, and three are
    // committed.
    #expect(Self.isClose(estimate.writingSeconds, 0.748 + 0.06))
    #expect(Self.isClose(estimate.seconds, 0.298 + 0.808) && estimate.isComplete)
  }

  @Test("what is compressed beside a stage slows it down where that takes all processors")
  func crowded() throws {
    let plan = try PlanFixture.plan(Self.stages)
    let costs = StageCosts(of: plan, writing: .standard)
    let alone = PlanEstimate(of: plan, costs, Self.times(for: costs))
    let crowded = PlanEstimate(of: plan, costs, Self.times(for: costs, threads: 2))
    let growth = zip(crowded.stages, alone.stages).map { ($0.seconds ?? 0) - ($1.seconds ?? 0) }
    // Nothing is compressed beside the first and the third; the others share with what takes longer.
    #expect(Self.isClose(growth[0], 0) && Self.isClose(growth[1], 0.1))
    #expect(Self.isClose(growth[2], 0) && Self.isClose(growth[3], 0.052))
    #expect(crowded.writingSeconds == alone.writingSeconds)
  }

  @Test("without a time knows the stages that do not want it, and is not complete")
  func unknown() throws {
    let plan = try PlanFixture.plan(Self.stages)
    let costs = StageCosts(of: plan, writing: .standard)
    let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs, without: "prune"))
    #expect(estimate.stages.map { $0.seconds == nil } == [false, false, true, false])
    #expect(!estimate.isComplete && estimate.seconds > 0)
    let nothing = PlanEstimate(of: plan, costs, WorkTimes(Self.machine))
    #expect(nothing.stages.allSatisfy { $0.seconds == nil && $0.bytes == nil && $0.memory > 0 })
  }

  @Test("of many rounds measures a few densities, whatever their number")
  func rounds() throws {
    func works(_ rounds: Int) throws -> Int {
      let plan = try PlanFixture.plan(
        "stages: [train: {epochs: 1}, alternate: {rounds: \(rounds), sparsity: {to: 0.9}, finetune: {epochs: 1}}]"
      )
      let costs = StageCosts(of: plan, writing: .standard)
      let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs))
      #expect(estimate.isComplete)
      return costs.all.count
    }
    #expect(try works(10) <= 7 * 4 + 1)
    #expect(try works(16) <= 7 * 4 + 1)
  }

  @Test(
    "reading the data and, at the end of a night, comparing networks take time beside the stages")
  func beside() throws {
    let plan = try PlanFixture.plan(Self.stages)
    let alone = StageCosts(of: plan, writing: .standard)
    let costs = StageCosts(
      of: plan, writing: .standard, reading: TimedWork(name: "reading") { _ in { nil } },
      isNight: true)
    let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs))
    let day = PlanEstimate(of: plan, alone, Self.times(for: alone))
    #expect(Self.isClose(estimate.readingSeconds, 0.1) && day.readingSeconds == nil)
    #expect(estimate.contestSeconds > 0 && day.contestSeconds == 0)
    #expect(Self.isClose(estimate.seconds - day.seconds, 0.1 + estimate.contestSeconds))
    #expect(try PlanEstimate(json: estimate.json) == estimate)
  }

  @Test("a stage that goes by milliseconds prunes as others do, and measures its layers before")
  func limited() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - prune: {budget: {policy: optimal, limit: {milliseconds: 0.5}}}
      """)
    let costs = StageCosts(of: plan, writing: .standard)
    let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs))
    #expect(estimate.isComplete && estimate.stages[1].seconds ?? 0 > 0.1)
  }

  /// The seconds of a pruning on `samples` samples, where statistics take a microsecond a sample, and comparing outputs
  /// ten, of 4,096 samples at most.
  private static func pruningSeconds(samples: Int) throws -> Double {
    func planned(samples: Int) throws -> Plan {
      try PlanFixture.plan(
        "stages: [prune: {to: 0.5, budget: {policy: optimal}}]",
        facts: DataFacts(
          digest: "", inputs: 5, outputs: 3, classes: ["a", "b", "c"], trainingSamples: samples,
          validationSamples: 12, testSamples: 12))
    }
    func prunings(_ costs: StageCosts) -> [(name: String, words: [Substring])] {
      costs.all.map(\.name).filter { $0.hasPrefix("prune") }.map { ($0, $0.split(separator: " ")) }
    }
    // On few samples all that is measured compares outputs.
    let few = prunings(StageCosts(of: try planned(samples: 3000), writing: .standard))
    let comparing = try #require(few.first).words[1]
    let plan = try planned(samples: samples)
    let own = StageCosts(of: plan, writing: .standard)
    var times = times(for: own)
    for (name, words) in prunings(own) {
      let count = try #require(words.firstIndex(of: "samples,").flatMap { Double(words[$0 - 1]) })
      times[name] = WorkMeasurement(
        seconds: 1e-3 + 1e-6 * count + (words[1] == comparing ? 1e-5 * min(count, 4096) : 0))
    }
    // But for measuring the model at the end.
    return try #require(PlanEstimate(of: plan, own, times).stages[0].seconds) - 0.01
  }

  @Test(
    "on more samples than it looked at, statistics grow on a straight line, and a comparison of outputs no further than the samples that it takes"
  )
  func manySamples() throws {
    for samples in [3000, 4096, 4097, 60_000] {
      let seconds = try Self.pruningSeconds(samples: samples)
      let expected = 1e-3 + 1e-6 * Double(samples) + 1e-5 * Double(min(samples, 4096))
      #expect(Self.isClose(seconds, expected), "\(samples)")
    }
  }

  @Test("follows a search to where such searches end, with the checkpoints of its trials")
  func search() throws {
    let plan = try PlanFixture.plan(
      "stages: [train: {epochs: 1}, alternate: {until: {validation: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}]"
    )
    let costs = StageCosts(of: plan, writing: .standard)
    let estimate = PlanEstimate(of: plan, costs, Self.times(for: costs))
    let bytes = try #require(estimate.stages[1].bytes)
    // Each trial prunes and trains.
    #expect(bytes >= 8000 && bytes % 2000 == 0)
    // A checkpoint of 300 ms and its commit of 20 ms, and what its stage takes beside.
    #expect(estimate.stages[1].seconds ?? 0 > 0.32 * Double(bytes / 1000))
    #expect(estimate.isComplete)
  }

  @Test("all works of a plan can be done, on a few weights at once")
  func works() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - prune: {to: 0.5}
        - finetune: {epochs: 1, optimizer: {sgd: {learning_rate: 0.1, momentum: 0.9}}}
        - evaluate: {part: test}
        - export: {onnx: tiny.onnx}
      """)
    let costs = StageCosts(of: plan, writing: .standard)
    var times = WorkTimes(Self.machine)
    var time = 0.0
    let calibration = WorkCalibration(pool: WorkerPool(threadCount: 1), folder: nil) {
      time += 1e-4
      return time
    }
    #expect(calibration.complete(&times, costs.all) == costs.all.count)
    let estimate = PlanEstimate(of: plan, costs, times)
    #expect(estimate.isComplete)
    // The export has made its file, and written none.
    #expect(estimate.stages[4].bytes ?? 0 > 400)
    #expect(estimate.stages[0].bytes ?? 0 > 400)
  }

  @Test(
    "steps that leave out units are measured by themselves, in a network that stands for a larger one, too"
  )
  func dropout() throws {
    func costs(_ model: String) throws -> StageCosts {
      let plan = try PlanFixture.plan(
        "stages: [train: {epochs: 1}]", changes: [("hidden: [7, 6]", model)])
      return StageCosts(of: plan, writing: .standard)
    }
    func steps(_ costs: StageCosts) -> [String] {
      costs.all.map(\.name).filter { $0.hasPrefix("step") || $0.hasPrefix("beginning") }
    }
    for hidden in ["hidden: [7, 6]", "hidden: [1500, 1500]"] {
      let (plain, own) = (try costs(hidden), try costs(hidden + ", dropout: [0.5, 0]"))
      #expect(steps(plain).count == 2)
      #expect(steps(own) == steps(plain).map { $0 + ", dropout 0.5-0" })
    }
    let dropping = try costs("hidden: [7, 6], dropout: [0.5, 0]")
    var times = WorkTimes(Self.machine)
    var time = 0.0
    let calibration = WorkCalibration(pool: WorkerPool(threadCount: 1), folder: nil) {
      time += 1e-4
      return time
    }
    #expect(calibration.complete(&times, dropping.all) == dropping.all.count)
  }

  @Test("comes back from an event as it was")
  func json() throws {
    let estimate = PlanEstimate(
      stages: [
        .init(name: "a", seconds: 1.5, memory: 10, bytes: nil),
        .init(name: "b", seconds: nil, memory: 20, bytes: 7),
      ], writingSeconds: 0.25, readingSeconds: 0.5, contestSeconds: 0.125, recordBytes: 99)
    #expect(try PlanEstimate(json: estimate.json) == estimate)
    var short = estimate.json
    short["bytes"] = [1]
    #expect(throws: JSONError.self) { try PlanEstimate(json: short) }
  }
}
