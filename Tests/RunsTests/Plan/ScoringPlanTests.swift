import RunFixtures
import Runs
import Storage
import Testing

@Suite("Planning of scoring") struct ScoringPlanTests {
  private func plan(
    _ prune: String, hidden: String = "[7, 6]", facts: DataFacts = PlanFixture.facts
  ) throws -> Plan {
    try PlanFixture.plan(
      "stages: [prune: {to: 0.3, \(prune)}]", changes: [("hidden: [7, 6]", "hidden: \(hidden)")],
      facts: facts)
  }

  @Test("more scoring samples than the training part has are refused before anything runs")
  func samples() throws {
    #expect(try plan("samples: 36").stages.count == 1)
    #expect(
      throws: PlanObstacle(
        .stage("prune"),
        "it scores on 37 samples, but the training part has 36; use fewer, or "
          + "samples: all")
    ) { try plan("samples: 37") }
  }

  @Test("nonlinear on a large network is refused, unless it is forced or scores on few samples")
  func nonlinear() throws {
    var facts = PlanFixture.facts
    facts.inputs = 784
    facts.outputs = 10
    facts.classes = (0..<10).map { "\($0)" }
    facts.trainingSamples = 8000
    // 784·300·(1 + 100 + 100·10) + 300·100 + 100·10 multiply-adds a sample.
    #expect(
      throws: PlanObstacle(
        .stage("prune"),
        "the criterion nonlinear would take about 2.1e12 multiply-adds, more "
          + "than 1.0e12; score on fewer samples (samples: N), use another criterion, or say "
          + "force: true")
    ) { try plan("criterion: nonlinear", hidden: "[300, 100]", facts: facts) }
    for settings in ["force: true", "samples: 1000"] {
      _ = try plan("criterion: nonlinear, \(settings)", hidden: "[300, 100]", facts: facts)
    }
    _ = try plan("criterion: nonlinear")
  }

  @Test("least squares on very wide layers is refused")
  func width() {
    #expect(
      throws: PlanObstacle(
        .stage("prune"),
        "least_squares takes layers of at most 16384 inputs, and one has 20000; "
          + "use the compensation ec")
    ) { try plan("compensation: least_squares", hidden: "[20000]") }
  }

  @Test("what a stage draws at random depends on its name, which is then part of its key")
  func draws() throws {
    func draws(_ prune: String, _ facts: DataFacts = PlanFixture.facts) throws -> JSONValue? {
      try plan(prune, facts: facts).stages[0].settings["draws"]
    }
    #expect(try draws("steps: 3") == nil)
    #expect(try draws("criterion: random") == "prune")
    #expect(try draws("samples: 10") == "prune")
    var facts = PlanFixture.facts
    facts.outputs = 65
    facts.classes = (0..<65).map { "\($0)" }
    #expect(try draws("steps: 3", facts) == "prune")
    facts.outputs = 64
    #expect(try draws("steps: 3", facts) == nil)
  }
}
