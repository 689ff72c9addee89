import RunFixtures
import Runs
import Scheduler
import Testing

@Suite("Plans with a search") struct SearchTrialsTests {
  private func plan(_ settings: String = "", behind: String = "evaluate: {}") throws -> Plan {
    try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 2}
        - alternate: {until: {validation: {accuracy_drop: 0.1}}, \(settings)finetune: {epochs: 1}}
        - \(behind)
      """)
  }

  private func verdict(_ holds: Bool) throws -> TrialVerdict {
    try TrialVerdict(
      json: [
        "measure": "accuracy_drop", "samples": 10, "lost": 0, "gained": 0, "before": 1.0,
        "after": 1.0, "change": 0.0, "bound": .null, "confidence": .null, "allowed": 0.1,
        "holds": .bool(holds),
      ])
  }

  /// `plan` with the trials that `verdicts` decide, and the records that say so.
  private func expanded(
    _ plan: Plan, _ verdicts: [Bool]
  ) throws -> (plan: Plan, records: [String: StageRecord]) {
    var records: [String: StageRecord] = [:]
    var plan = plan
    for holds in verdicts {
      plan = plan.expanded(by: records)
      let open = try #require(plan.stages.last { $0.trial != nil && $0.kind == .finetune })
      var record = try RecordFixture.record(open.key)
      record.verdict = try verdict(holds)
      records[open.key] = record
    }
    return (plan.expanded(by: records), records)
  }

  @Test("before anything runs there is the search alone, and what follows has no counts")
  func unexpanded() throws {
    let plan = try plan()
    #expect(plan.stages.map(\.name) == ["train", "alternate", "evaluate"])
    #expect(plan.stages.map(\.kind) == [.train, .search, .evaluate])
    #expect(plan.stages.map(\.weights) == [95, nil, nil])
    #expect(plan.stages.map(\.sparsity) == [0, nil, nil])
    #expect(plan.stages[1].bounds == [1...35, 1...42, 1...18])
    #expect(plan.stages[1].source == plan.stages[0].key)
    #expect(plan.stages[1].mostWeights == 95)
  }

  @Test("decided trials and the next one stand before the search, each from the last that held")
  func expansion() throws {
    let plan = try plan()
    let (first, _) = try expanded(plan, [])
    #expect(
      first.stages.map(\.name) == [
        "train", "alternate/01/prune", "alternate/01/finetune", "alternate", "evaluate",
      ])
    #expect(first.stages.map(\.weights) == [95, 47, 47, nil, nil])
    #expect(first.stages.map(\.position) == Array(1...5))
    let (later, records) = try expanded(plan, [true, false, true])
    #expect(
      later.stages.map(\.name) == [
        "train", "alternate/01/prune", "alternate/01/finetune", "alternate/02/prune",
        "alternate/02/finetune", "alternate/03/prune", "alternate/03/finetune",
        "alternate/04/prune", "alternate/04/finetune", "alternate", "evaluate",
      ])
    #expect(later.stages.map(\.weights) == [95, 47, 47, 23, 23, 35, 35, 26, 26, nil, nil])
    let keys = later.stages.map(\.key)
    #expect(
      later.stages.dropFirst().prefix(8).map(\.parent) == [
        keys[0], keys[1], keys[2], keys[3], keys[2], keys[5], keys[6], keys[7],
      ])
    #expect(later.stages[9].source == keys[6] && later.stages[9].parent == keys[0])
    #expect(Set(keys).count == keys.count)
    // The schedule's own stages have the keys that were known at first.
    #expect(later.stages.filter { $0.trial == nil }.map(\.key) == plan.stages.map(\.key))
    // Expanding is the same from any plan, and leads back.
    #expect(later.expanded(by: records).stages.map(\.key) == keys)
    #expect(later.expanded(by: [:]).stages.map(\.key) == first.stages.map(\.key))
    #expect(later.withoutTrials.stages.map(\.key) == plan.stages.map(\.key))
    #expect(later.withoutTrials.stages.map(\.weights) == plan.stages.map(\.weights))
    // An earlier trial is the same whatever comes later.
    #expect(first.stages[1].key == keys[1] && first.stages[2].key == keys[2])
  }

  @Test("a search at its end gives what follows its count")
  func finished() throws {
    let plan = try plan("rounds: 2, ", behind: "finetune: {epochs: 1}")
    let (finished, records) = try expanded(plan, [true, false])
    #expect(finished.stages.map(\.weights) == [95, 47, 47, 23, 23, 47, 47])
    let trials = try #require(finished.trials(of: plan.stages[1].key, records: records))
    #expect(trials.stop?.reason == .rounds && trials.open.isEmpty)
    #expect(trials.held?.name == "alternate/01/finetune" && trials.decided.count == 2)
    // None of the trials is in need of another once the search has its checkpoint.
    var known = records
    known[plan.stages[1].key] = try RecordFixture.record(plan.stages[1].key)
    known = known.filter { $0.value.verdict?.holds != false }
    #expect(
      plan.expanded(by: known).stages.map(\.name) == [
        "train", "alternate/01/prune", "alternate/01/finetune", "alternate", "finetune",
      ])
    let none = try expanded(plan, [false, false]).plan
    #expect(none.stages[5].weights == 95 && none.stages[5].source == plan.stages[0].key)
  }

  @Test("limits and the largest sparsity bound the trials")
  func limits() throws {
    func least(_ settings: String) throws -> Int? {
      let stage = try plan(settings).stages[1]
      guard case .search(let search) = stage.action else { return nil }
      return search.search.least
    }
    #expect(try least("") == 3)
    // Of 95 weights 85.5 and 47.5: what is not exceeded is never rounded up.
    #expect(try least("sparsity: {to: 0.9}, ") == 10)
    #expect(try least("budget: {layers: {output: {keep: true}}}, ") == 20)
    #expect(try least("sparsity: {to: 0.5}, budget: {min_density: 0.1}, ") == 48)
  }

  @Test("settings of a search are part of its key; the key of what is before it is not touched")
  func keys() throws {
    let plain = try plan()
    for settings in [
      "rounds: 7, ", "sparsity: {step: 0.4}, ", "sparsity: {minimal_step: 0.1}, ",
      "sparsity: {to: 0.8}, ", "prune: {criterion: magnitude}, ", "budget: {policy: erk}, ",
      "rewind: {to: train}, ",
    ] {
      let other = try plan(settings)
      #expect(other.stages[0].key == plain.stages[0].key)
      #expect(other.stages[1].key != plain.stages[1].key, "\(settings)")
      #expect(other.stages[2].key != plain.stages[2].key)
    }
    #expect(try plan("sparsity: {step: 0.5}, ").stages[1].key == plain.stages[1].key)
  }

  @Test("moments are kept through all trials where one goes on from them")
  func moments() throws {
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 1}
        - alternate:
            until: {validation: {accuracy_drop: 0.1}}
            rewind: {to: train}
            finetune: {epochs: 1, optimizer: continue}
        - finetune: {epochs: 1}
      """)
    let stages = try expanded(plan, [true]).plan.stages
    #expect(
      stages.map { $0.settings["keeps_optimizer"] != nil } == [
        true, true, true, true, true, true, true, false, false,
      ])
    #expect(stages[2].name == "alternate/01/rewind" && stages[5].kind == .rewind)
  }

  @Test(
    "what cannot follow a search is said, and what to do",
    arguments: [
      ("prune: {to: 0.9}", "stage prune: it comes after the search alternate"),
      (
        "alternate: {rounds: 1, sparsity: {to: 0.9}, finetune: {epochs: 1}}",
        "stage alternate-2: it comes after the search alternate"
      ),
      (
        "alternate: {until: {validation: {accuracy_drop: 0.1}}, finetune: {epochs: 1}}",
        "stage alternate-2: it comes after the search alternate"
      ),
      ("rewind: {to: train}", "stage rewind: it would rewind to before the search alternate"),
    ])
  func behind(stage: String, message: String) throws {
    let obstacle = try #require(throws: PlanObstacle.self) { try plan(behind: stage) }
    #expect("\(obstacle)".hasPrefix(message))
  }

  @Test("a search that cannot be bounded, or begins beyond its end, is an error")
  func unbounded() throws {
    #expect(throws: PlanObstacle.self) {
      try PlanFixture.plan(
        "stages: [prune: {to: 0.9}, alternate: {until: {validation: {accuracy_drop: 0.1}}, "
          + "sparsity: {to: 0.5}, finetune: {epochs: 1}}]")
    }
    #expect(throws: PlanObstacle.self) {
      try PlanFixture.plan(
        "stages: [alternate: {until: {validation: {accuracy_drop: 0.1}}, "
          + "sparsity: {minimal_step: 1e-9}, finetune: {epochs: 1}}]",
        changes: [("hidden: [7, 6]", "hidden: [3000, 3000]")])
    }
    #expect(
      try PlanFixture.plan(
        "stages: [alternate: {until: {validation: {accuracy_drop: 0.1}}, rounds: 9, "
          + "sparsity: {minimal_step: 1e-9}, finetune: {epochs: 1}}]",
        changes: [("hidden: [7, 6]", "hidden: [3000, 3000]")]
      ).stages.count == 1)
  }
}
