import Engine
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Prune stages")
struct PruneStageTests {
  private func network(_ prune: String, threads: Int = 1) throws -> Network {
    let fixture = try RunFixture(
      RunFixture.head + "stages: [train: {epochs: 3}, prune: {to: 0.7, \(prune)}]")
    let (plan, _, _) = try fixture.run(threads: threads)
    let network = try fixture.contents("prune").state.network
    #expect(network.remaining == plan.stages[1].weights && network.remaining == 95 - 67)
    return network
  }

  private static let compensations = ["none", "mean", "ec", "least_squares"]

  @Test(
    "run with every criterion and every compensation, to the exact count",
    arguments: [
      "ec", "magnitude", "gradient_magnitude", "gradient_magnitude_signed", "taylor", "variance",
      "wanda", "obd", "random", "nonlinear",
    ])
  func combinations(criterion: String) throws {
    let budget = criterion == "wanda" ? "uniform" : "global"
    let networks = try Self.compensations.map {
      try network("criterion: \(criterion), compensation: \($0), budget: {policy: \(budget)}")
    }
    // One mask, whatever makes up for what is gone.
    for other in networks.dropFirst() {
      #expect(other.layers.map(\.mask) == networks[0].layers.map(\.mask))
      #expect(other.layers.map(\.bias) != networks[0].layers.map(\.bias))
    }
    #expect(networks[1].layers.map(\.weights) == networks[0].layers.map(\.weights))
    #expect(networks[3].layers.map(\.weights) != networks[0].layers.map(\.weights))
  }

  @Test("end in the same bits for any number of threads, with all that is drawn and refitted")
  func threads() throws {
    let settings = "samples: 20, steps: 3, compensation: least_squares"
    #expect(try network(settings) == network(settings, threads: 3))
  }

  @Test("interrupted anywhere, several steps go on behind the last one done, in the same bits")
  func interrupted() throws {
    let schedule =
      RunFixture.head
      + "stages: [train: {epochs: 1}, prune: {to: 0.8, steps: 4, compensation: least_squares}]"
    let steps = try InterruptedPruning.steps(schedule, interruptions: 24)
    #expect(steps == [1, 2, 3])
  }

  @Test("samples and steps change what goes")
  func settings() throws {
    let plain = try network("criterion: ec, metric: fisher")
    #expect(
      try network("criterion: ec, samples: 12").layers.map(\.mask) != plain.layers.map(\.mask))
    #expect(try network("criterion: ec, steps: 8").layers.map(\.bias) != plain.layers.map(\.bias))
    #expect(try network("criterion: ec, samples: all, steps: 1, probes: 32") == plain)
  }

  @Test(
    "measured budgets meet the count, within limits, in the same bits for any number of threads",
    arguments: ["sensitivity", "optimal"])
  func measured(policy: String) throws {
    let settings =
      "budget: {policy: \(policy), ladder: [0.3, 0.6, 0.9], layers: {output: {max_sparsity: 0.5}}}"
    let network = try network(settings)
    #expect(network.layers[2].remaining >= 9)
    #expect(try self.network(settings, threads: 3) == network)
  }

  @Test("the event of a measured budget has its curves, what they predict, and the gap")
  func measuredEvent() throws {
    let fixture = try RunFixture(
      RunFixture.head
        + "stages: [train: {epochs: 1}, prune: {to: 0.5, budget: {policy: optimal, ladder: [0.5]}}]"
    )
    try fixture.run()
    let report = fixture.events.compactMap { event in
      if case .weightsPruned = event { event.json["report"] } else { nil }
    }
    let budget = try #require(report.first?["budget"])
    #expect(budget["metric"] == "fisher")
    #expect((budget["gap"]?.doubleValue ?? -1) >= 0)
    #expect((budget["error"]?.doubleValue ?? -1) > 0)
    let curves = try #require(budget["curves"]?.arrayValue)
    #expect(
      curves.map { $0.arrayValue?.map { $0["weights"]?.intValue } } == [
        [35, 17, 1], [42, 21, 1], [18, 9, 1],
      ])
  }

  /// Three rounds, of which the later ones bring weights back.
  private static let regrowing = """
    stages:
      - train: {epochs: 2}
      - alternate:
          rounds: 3
          sparsity: {to: 0.8}
          prune: {regrow: 0.3}
          finetune: {epochs: 1, optimizer: continue}
    """

  @Test("weights that grow back leave counts exact, and every file as it should be")
  func regrowth() throws {
    let fixture = try RunFixture(
      RunFixture.head + Self.regrowing + "\ncheckpoints: {delta: true}")
    let (plan, _, _) = try fixture.run()
    let expected = try fixture.checkpoints()
    var isNested = true
    var last: [Mask?] = []
    for stage in plan.stages {
      let network = try fixture.contents(stage.name).state.network
      #expect(network.remaining == stage.weights)
      let masks = network.layers.map(\.mask)
      for (now, before) in zip(masks, last) {
        if let now, let before { isNested = isNested && now.isSubset(of: before) }
      }
      last = masks
    }
    #expect(!isNested)
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.isEmpty && report.checkpoints == 7)
    for stop in stride(from: 2, through: fixture.questions, by: 5) {
      _ = try? fixture.run(stopAt: stop) { $0.fresh = true }
      try fixture.run(threads: 3)
      #expect(try fixture.differences(from: expected) == [])
    }
  }

  @Test("without the key nothing grows back, and a stage's key is what it was")
  func noRegrowth() throws {
    let plain = try PlanFixture.plan("stages: [prune: {to: 0.5}]")
    #expect(plain.stages[0].settings["regrow"] == nil)
    let regrowing = try PlanFixture.plan("stages: [prune: {to: 0.5, regrow: 0.2}]")
    #expect(regrowing.stages[0].settings["regrow"]?.doubleValue == 0.2)
    #expect(regrowing.stages[0].key != plain.stages[0].key)
    #expect(regrowing.stages[0].weights == plain.stages[0].weights)
  }

  @Test("a mask that is not nested is still found where nothing may grow back")
  func forgedMask() throws {
    let fixture = try RunFixture(RunFixture.head + Self.regrowing)
    try fixture.run()
    let earlier = try fixture.contents("alternate/01/prune").state.network.layers[0].mask!
    let back = (0..<earlier.count).first { !earlier[$0] }!
    try fixture.forge("alternate/01/finetune") { contents in
      var mask = contents.state.network.layers[0].mask!
      mask.insert(back)
      contents.state.network.layers[0].apply(mask)
    }
    let report = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(report.findings.contains { $0.reason.contains("had removed") })
  }
}
