import NeuralNetworks
import Pruning
import RunFixtures
import Runs
import Scheduler
import Schedules
import Storage
import Testing

@Suite("Stages") struct StageSettingsTests {
  private static func text(_ stages: String, task: String = "classification") -> String {
    """
    version: 1
    name: x
    data: {csv: a, task: \(task), split: {validation: 0.1}}
    model: {hidden: [30, 20]}
    stages:
    \(stages.split(separator: "\n").map { "  - \($0)\n" }.joined())
    """
  }

  private func decode(
    _ stages: String, task: String = "classification"
  ) throws(ScheduleError) -> [DecodedStage] {
    try ScheduleText.decode(Self.text(stages, task: task)).stages.map(\.decoded)
  }

  @Test("fisher is the metric of classification, output that of regression")
  func metric() throws {
    for (task, metric) in [("classification", OutputMetric.fisher), ("regression", .output)] {
      guard case .prune(let prune) = try decode("prune: {to: 0.9}", task: task)[0] else {
        Issue.record("a prune stage")
        return
      }
      #expect(prune.criterion.criterion == .ec)
      #expect(prune.criterion.metric == metric)
      #expect(prune.target == (try Sparsity(0.9)))
      #expect(prune.budget.name == "global")
    }
  }

  @Test("an optimizer goes on with the settings of the last stage that trained")
  func continuing() throws {
    let stages = try decode(
      """
      train: {epochs: 1, optimizer: {sgd: {learning_rate: 0.5}}}
      prune: {to: 0.5}
      finetune: {epochs: 2, optimizer: continue}
      alternate: {rounds: 2, sparsity: {to: 0.9}, finetune: {epochs: 1, optimizer: continue}}
      finetune: {epochs: 1}
      """)
    let settings = stages.compactMap { stage in
      switch stage {
      case .train(let train), .finetune(let train): train
      case .alternate(let alternate): alternate.fineTuning.rounds
      case .search(let search): search.finetune
      case .prune, .rewind, .evaluate: nil
      }
    }
    let sgd = Optimizer.sgd(Optimizer.SGD(learningRate: 0.5))
    #expect(settings.map(\.continuesOptimizer) == [false, true, true, false])
    #expect(
      settings.map(\.options.optimizer) == [sgd, sgd, sgd, .adam(Optimizer.Adam())])
  }

  @Test(
    "every curve, and what it gives when target or rounds are left out",
    arguments: [
      ("rounds: 2, sparsity: {to: 0.9, curve: one_shot}", [0.9, 0.9]),
      ("sparsity: {to: 0.9, curve: one_shot}", [0.9]),
      ("rounds: 2, sparsity: {to: 0.9, curve: linear}", [0.45, 0.9]),
      ("rounds: 2, sparsity: {to: 0.8}", [0.7, 0.8]),
      ("rounds: 2, sparsity: {to: 0.8, curve: cubic}", [0.7, 0.8]),
      ("rounds: 2, sparsity: {to: 0.75, curve: exponential}", [0.5, 0.75]),
      ("rounds: 2, sparsity: {to: 0.75, curve: {exponential: {}}}", [0.5, 0.75]),
      ("rounds: 2, sparsity: {curve: {exponential: {fraction: 0.5}}}", [0.5, 0.75]),
      ("sparsity: {to: 0.75, curve: {exponential: {fraction: 0.5}}}", [0.5, 0.75]),
      ("rounds: 2, sparsity: {to: 0.5, curve: cosine}", [0.25, 0.5]),
      ("sparsity: {curve: [0.5, 0.8, 0.9]}", [0.5, 0.8, 0.9]),
      ("rounds: 2, sparsity: {to: 0.9, curve: [0.5, 0.9]}", [0.5, 0.9]),
    ])
  func curves(text: String, expected: [Double]) throws {
    guard
      case .alternate(let settings) = try decode("alternate: {\(text), finetune: {epochs: 1}}")[0]
    else {
      Issue.record("an alternate stage")
      return
    }
    let values = try settings.curve.sparsities(
      from: .zero, to: settings.target, rounds: settings.rounds)
    #expect(values.count == expected.count)
    // Formulas with pow and cos are exact to rounding only.
    for (value, wanted) in zip(values, expected) { #expect(abs(value.fraction - wanted) < 1e-12) }
  }

  @Test("limits hold for the selected layers, the later rule first")
  func limits() throws {
    let stages = try decode(
      "prune: {to: 0.5, budget: {policy: erk, min_density: 0.1, max_sparsity: 0.8, layers: "
        + "{\"hidden*\": {min_density: 0.2}, \"hidden2, output\": {keep: true}}}}")
    guard case .prune(let prune) = stages[0] else {
      Issue.record("a prune stage")
      return
    }
    #expect(prune.budget.name == "erk")
    let most = try Sparsity(0.8)
    #expect(
      try prune.budget.limits(of: ["hidden1", "hidden2", "output"]) == [
        LayerLimits(minimumDensity: 0.2, maximumSparsity: most),
        LayerLimits(keep: true, minimumDensity: 0.2, maximumSparsity: most),
        LayerLimits(keep: true, minimumDensity: 0.1, maximumSparsity: most),
      ])
  }

  @Test(
    "every policy",
    arguments: ["uniform", "global", "erk", "lamp", "sensitivity", "optimal"])
  func policies(name: String) throws {
    guard case .prune(let prune) = try decode("prune: {to: 0.5, budget: {policy: \(name)}}")[0]
    else {
      Issue.record("a prune stage")
      return
    }
    #expect(prune.budget.name == name)
  }

  @Test("a limit takes the place of a sparsity")
  func limit() throws {
    let stages = try decode(
      """
      prune: {budget: {policy: optimal, limit: {bytes: 40000}}}
      alternate: {rounds: 2, budget: {policy: optimal, limit: {multiply_adds: 9}, ladder: [0.5]}, \
      finetune: {epochs: 1}}
      """)
    guard case .prune(let prune) = stages[0], case .alternate(let alternate) = stages[1] else {
      Issue.record("a prune and an alternate stage")
      return
    }
    #expect(prune.target == nil && alternate.target == nil)
    #expect(prune.budget.goal == .limit(.resource(.bytes(40_000))))
    #expect(prune.budget.json["limit"] == ["bytes": 40_000])
    #expect(alternate.budget.json["limit"] == ["multiply_adds": 9])
    #expect(alternate.budget.json["ladder"] == [0.5])
  }

  @Test("a limit of milliseconds is for calls of one sample, unless more are stated")
  func timeLimit() throws {
    for (batch, samples) in [("", 1), (", batch: 64", 64)] {
      let stages = try decode(
        "prune: {budget: {policy: optimal, limit: {milliseconds: 0.05\(batch)}, ladder: [0.5]}}")
      guard case .prune(let prune) = stages[0] else {
        Issue.record("a prune stage")
        return
      }
      let ladder = try PruningLadder([Sparsity(0.5)])
      #expect(prune.target == nil)
      #expect(
        prune.budget
          == Budget(
            policy: .optimal, ladder: ladder,
            limit: .time(CallTime(milliseconds: 0.05, batch: samples))))
      #expect(prune.budget.json["limit"] == ["milliseconds": 0.05, "batch": JSONValue(samples)])
    }
  }

  @Test("the policy manual states the target itself")
  func manual() throws {
    let layers =
      "budget: {policy: manual, layers: {\"hidden*\": {density: 0.1}, output: {keep: true}}}"
    let stages = try decode(
      "prune: {\(layers)}\nalternate: {rounds: 2, \(layers), finetune: {epochs: 1}}")
    guard case .prune(let prune) = stages[0], case .alternate(let alternate) = stages[1] else {
      Issue.record("a prune and an alternate stage")
      return
    }
    #expect(prune.target == nil && alternate.target == nil)
    #expect(
      prune.budget
        == Budget(
          policy: .manual,
          rules: [
            try LayerRule(LayerPattern("hidden*"), density: 0.1),
            try LayerRule(LayerPattern("output"), keep: true),
          ]))
    #expect(prune.budget == alternate.budget)
  }
}
