import RunFixtures
import Runs
import Scheduler
import Testing

@Suite("Planning") struct PlanBuilderTests {
  // MARK: Names and counts

  @Test("stages are named once and for all")
  func names() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - evaluate: {}
        - train: {epochs: 1}
        - prune: {to: 0.1}
        - finetune: {epochs: 1}
        - alternate: {rounds: 2, sparsity: {to: 0.5}, finetune: {epochs: 1}}
        - evaluate: {}
        - prune: {to: 0.6}
        - alternate: {rounds: 1, sparsity: {to: 0.7}, finetune: {epochs: 1}}
        - finetune: {epochs: 1}
        - alternate: {rounds: 1, sparsity: {to: 0.8}}
      """)
    #expect(
      plan.stages.map(\.name) == [
        "train", "evaluate", "train-2", "prune", "finetune", "alternate/01/prune",
        "alternate/01/finetune", "alternate/02/prune", "alternate/02/finetune", "evaluate-2",
        "prune-2", "alternate-2/01/prune", "alternate-2/01/finetune", "finetune-2",
        "alternate-3/01/prune", "alternate-3/01/finetune", "alternate-3/finish",
      ])
    #expect(plan.stages.map(\.position) == Array(1...17))
    #expect(Set(plan.stages.map(\.key)).count == 17)
    #expect(plan.stages.last?.kind == .finetune && plan.stages.last?.epochs == 1)
    #expect(try plan.index(ofStage: "train-2") == 2)
  }

  @Test("rounds count with at least two digits")
  func rounds() throws {
    let plan = try PlanFixture.plan(
      "stages: [alternate: {rounds: 101, sparsity: {to: 0.9}, finetune: {epochs: 1}}]")
    #expect(plan.stages[0].name == "alternate/01/prune")
    #expect(plan.stages[17].name == "alternate/09/finetune")
    #expect(plan.stages[18].name == "alternate/10/prune")
    #expect(plan.stages[201].name == "alternate/101/finetune")
  }

  @Test("every round leaves what the curve says, of all weights of the network")
  func counts() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - prune: {to: 0.1}
        - alternate: {rounds: 5, sparsity: {to: 0.9, curve: cubic}, finetune: {epochs: 2}}
      """)
    let expected = try RoundTotals(
      curve: .cubic, remaining: 95 - 10, of: 95, to: Sparsity(0.9), rounds: 5)
    #expect(plan.stages[0].weights == 95 - 10)
    #expect(
      plan.stages.dropFirst().map(\.weights) == expected.kept.flatMap { [$0, $0] })
    #expect(plan.stages.last?.weights == 95 - 86)
    for stage in plan.stages {
      #expect(stage.sparsity == stage.weights.map { Double(95 - $0) / 95 })
      #expect(stage.epochs == (stage.kind == .finetune ? 2 : nil))
    }
  }

  @Test(
    "layers are planned where shapes decide",
    arguments: [
      ("uniform", [[17, 21, 9], [9, 11, 4]]), ("erk", [[17, 18, 12], [9, 9, 6]]),
    ])
  func layers(policy: String, expected: [[Int]]) throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - alternate:
            rounds: 2
            sparsity: {curve: [0.5, 0.75]}
            budget: {policy: \(policy)}
            finetune: {epochs: 1}
        - evaluate: {}
      """)
    #expect(plan.stages[0].layers == [35, 42, 18])
    let pruned = plan.stages.dropFirst().map(\.layers)
    #expect(pruned.map { $0?.reduce(0, +) } == [47, 47, 24, 24, 24])
    // Worked out by the scheduler alone, round upon round.
    var layers = try plan.architecture.profiles()
    let own: BudgetPolicy = policy == "uniform" ? .uniform : .erk
    let counts = try [47, 24].map { total in
      let counts = try own.rule.counts(
        BudgetDemand(keeping: total, of: layers, limits: layers.map { _ in .none }))
      layers = try zip(layers, counts).map { try $0.with(remaining: $1) }
      return counts
    }
    #expect(pruned == [counts[0], counts[0], counts[1], counts[1], counts[1]])
    #expect(counts == expected)
  }

  @Test("a policy that ranks importances leaves layers unknown, for good")
  func unknownLayers() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - prune: {to: 0.2, budget: {policy: uniform}}
        - prune: {to: 0.4, budget: {policy: global}}
        - prune: {to: 0.6, budget: {policy: uniform}}
        - prune: {to: 0.7, budget: {policy: lamp}}
      """)
    #expect(plan.stages.map { $0.layers == nil } == [false, true, true, true])
    #expect(plan.stages.map(\.weights) == [76, 57, 38, 28])
  }

  @Test("a list says where it ends, whatever the policy manual states")
  func manualList() throws {
    let plan = try PlanFixture.plan(
      "stages: [alternate: {sparsity: {curve: [0.2, 0.4]}, finetune: {epochs: 1}, "
        + "budget: {policy: manual, layers: {\"*\": {density: 0.1}}}}]")
    #expect(plan.stages.map(\.weights) == [76, 76, 57, 57])
  }

  @Test("the policy manual gives the target where none is stated")
  func manual() throws {
    let budget =
      "budget: {policy: manual, layers: {\"hidden*\": {density: 0.2}, output: {keep: true}}}"
    let plan = try PlanFixture.plan(
      """
      stages:
        - alternate: {rounds: 2, \(budget), finetune: {epochs: 1}}
        - prune: {\(budget)}
      """)
    #expect(plan.stages[2].layers == [7, 8, 18])
    #expect(plan.stages[2].weights == 33)
    // Nothing is left to do for a stage that states the same.
    #expect(plan.stages[4].layers == [7, 8, 18])
  }

  @Test("a limit gives the target; what is within it already stays as it is")
  func limit() throws {
    let budget = "budget: {policy: optimal, limit: {bytes: 295}}"
    let plan = try PlanFixture.plan(
      """
      stages:
        - alternate: {rounds: 2, sparsity: {curve: linear}, \(budget), finetune: {epochs: 1}}
        - prune: {to: 0.88, budget: {policy: global}}
        - prune: {budget: {policy: optimal, limit: {multiply_adds: 30}}}
      """)
    // (295 − 140)/8 of 95 weights.
    #expect(plan.stages.map(\.weights) == [57, 57, 19, 19, 11, 11])
    #expect(plan.stages[2].layers == nil)
    #expect {
      try PlanFixture.plan("stages: [prune: {budget: {policy: optimal, limit: {bytes: 150}}}]")
    } throws: {
      "\($0)".contains(
        "stage prune: cannot get down to 150 bytes: the network keeps 3 weights at least")
    }
  }

  @Test("kept layers count as they are by then, not as they were at first")
  func keptLater() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - prune: {to: 0.5, budget: {policy: uniform}}
        - prune:
            budget: {policy: manual, layers: {"hidden*": {density: 0.1}, output: {keep: true}}}
      """)
    #expect(plan.stages[0].layers == [17, 21, 9])
    #expect(plan.stages[1].layers == [3, 4, 9])

    // After a global stage the output layer may be nearly empty: keeping it forbids nothing yet.
    let later = try PlanFixture.plan(
      "stages: [prune: {to: 0.9}, prune: {to: 0.95, budget: {layers: {output: {keep: true}}}}]")
    #expect(later.stages.map(\.weights) == [9, 5])
  }

  // MARK: What cannot be planned

  @Test(
    "what cannot be is said before anything runs, and names the stage",
    arguments: [
      (
        "prune: {to: 0.9}, prune: {to: 0.5}",
        "stage prune-2: it would leave 47 weights, but only 9 are left by then; raise its sparsity"
      ),
      (
        "prune: {to: 0.9, budget: {min_density: 0.2}}",
        "stage prune: cannot prune to 9 of 95 weights: the limits keep 20, most of them in hidden2 "
          + "(min_density 0.2: 9); the nearest feasible target is sparsity 0.79"
      ),
      (
        "train: {epochs: 1}, alternate: {rounds: 2, sparsity: {to: 0.9}, finetune: {epochs: 1}, "
          + "budget: {layers: {output: {keep: true}}}}",
        "stage alternate/02/prune: cannot prune to 9 of 95 weights: the limits keep 20, most of "
          + "them in output (keep: 18); the nearest feasible target is sparsity 0.79"
      ),
      (
        "prune: {to: 0.9}, alternate: {rounds: 2, sparsity: {to: 0.5}, finetune: {epochs: 1}}",
        "stage alternate: "
      ),
      (
        "prune: {to: 0.5}, prune: {budget: {policy: manual, layers: {\"hidden*\": {density: 0.1}, "
          + "output: {keep: true}}}}",
        "stage prune-2: how many weights it leaves depends on what earlier stages will measure; "
          + "state the sparsity it is to reach (to)"
      ),
      (
        "alternate: {rounds: 10000, sparsity: {to: 0.5}, finetune: {epochs: 1}}, "
          + "alternate: {rounds: 1, sparsity: {to: 0.6}, finetune: {epochs: 1}}",
        "stage alternate-2: the plan would have more than 20000 stages; use fewer rounds"
      ),
    ])
  func infeasible(stages: String, message: String) throws {
    let obstacle = try #require(throws: PlanObstacle.self) {
      try PlanFixture.plan("stages: [\(stages)]")
    }
    #expect("\(obstacle)".hasPrefix(message))
  }

  @Test("binary_cross_entropy takes two classes and one output")
  func binary() throws {
    let head = RunFixture.head.replacing(
      "{batch: 16,", with: "{batch: 16, loss: binary_cross_entropy,")
    let schedule = try PlanFixture.schedule(head + "stages: [train: {epochs: 1}]")
    var facts = PlanFixture.facts
    #expect(
      throws: PlanObstacle(
        .key("loss", of: "training"),
        "binary_cross_entropy takes two classes, the data have 3; "
          + "use cross_entropy")
    ) { try Plan(of: schedule, facts: facts) }
    facts.classes = ["a", "b"]
    facts.outputs = 2
    #expect(try Plan(of: schedule, facts: facts).architecture.widths == [5, 7, 6, 1])
  }

  // MARK: Moments

  @Test("a stage stores the optimizer exactly where a later one goes on with it")
  func keepsOptimizer() throws {
    func keeps(_ stages: String) throws -> [Bool] {
      try PlanFixture.plan("stages: [\(stages)]").stages.map { stage in
        #expect((stage.settings["keeps_optimizer"] == true) == stage.links.keepsOptimizer)
        return stage.links.keepsOptimizer
      }
    }
    #expect(try keeps("train: {epochs: 1}, prune: {to: 0.1}") == [false, false])
    #expect(
      try keeps(
        "train: {epochs: 1}, evaluate: {}, prune: {to: 0.1}, finetune: {epochs: 1, optimizer: continue}"
      )
        == [true, false, true, false])
    #expect(
      try keeps(
        "train: {epochs: 1}, finetune: {epochs: 1}, prune: {to: 0.1}, "
          + "finetune: {epochs: 1, optimizer: continue}, prune: {to: 0.2}, train: {epochs: 1}")
        == [false, true, true, false, false, false])
    #expect(
      try keeps(
        "train: {epochs: 1}, alternate: {rounds: 2, sparsity: {to: 0.5}, "
          + "finetune: {epochs: 1, optimizer: continue}}")
        == [true, true, true, true, false])
  }
}
