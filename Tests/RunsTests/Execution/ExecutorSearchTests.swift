import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Scheduler
import Storage
import Testing

@Suite("Running a search") struct ExecutorSearchTests {
  @Test("trials go as the verdicts say, and the result is the last model that held")
  func path() throws {
    let fixture = try SearchFixture.finished()
    let manifest = try fixture.manifest
    let verdicts = try fixture.verdicts()
    #expect(verdicts.contains(true) && verdicts.contains(false))
    let search = SparsitySearch(start: 95, least: 3, step: 0.5, minimalStep: 0.2)
    for index in verdicts.indices {
      guard case .trial(let trial) = search.decision(after: Array(verdicts[..<index])) else {
        Issue.record("there is a trial \(index + 1)")
        return
      }
      for word in ["prune", "finetune"] {
        let record = try #require(manifest.stages.last { $0.name == name(trial.number, word) })
        #expect(record.weights == trial.kept)
      }
      let pruned = try #require(manifest.stages.last { $0.name == name(trial.number, "prune") })
      let base = trial.base.map { name($0, "finetune") } ?? "train"
      #expect(pruned.parent == manifest.stages.last { $0.name == base }?.key)
    }
    guard case .stop(let stop) = search.decision(after: verdicts) else {
      Issue.record("the search has ended")
      return
    }
    let held = stop.base.map { name($0, "finetune") } ?? "train"
    #expect(
      try fixture.contents("alternate").state == fixture.contents(held).state)
    let report = try #require(manifest.stages.last { $0.name == "alternate" }?.search)
    #expect(report.held == held && report.weights == stop.kept && report.before == 95)
    #expect(report.trials == verdicts.count && report.rollbacks == stop.rollbacks)
    #expect(report.reason == stop.reason.rawValue && report.wallClockSeconds > 0)
    #expect(report.source == manifest.stages.last { $0.name == held }?.key)
    #expect(
      FilePaths.linkTarget(fixture.run.result)
        == FilePaths.name(of: try fixture.checkpoint("alternate")))
  }

  private func name(_ trial: Int, _ word: String) -> String { "alternate/0\(trial)/\(word)" }

  @Test("a verdict is what measuring both models shows")
  func verdicts() throws {
    let fixture = try SearchFixture.finished()
    let dense = try #require(try fixture.manifest.stages.first { $0.name == "train" })
    for record in try fixture.manifest.stages {
      guard let verdict = record.verdict else { continue }
      let before = try #require(dense.metrics[0].metrics.accuracy)
      let after = try #require(record.metrics[0].metrics.accuracy)
      #expect(verdict.before == before && verdict.after == after && verdict.samples == 12)
      #expect(abs((verdict.change ?? .nan) - (before - after)) < 1e-12)
      #expect(verdict.holds == ((verdict.change ?? .nan) <= 0.1))
      #expect(verdict.bound == nil && verdict.confidence == nil)
    }
  }

  @Test("every decision is an event with its reason")
  func events() throws {
    let fixture = try SearchFixture.finished()
    var lines: [String] = []
    for event in fixture.events {
      switch event {
      case .trialStarted(let stage, let place):
        lines.append("\(place.trial.number) \(stage.name) \(place.trial.kept)")
      case .trialTested(let stage, let verdict): lines.append("\(stage.name) \(verdict.holds)")
      case .searchFinished(let stage, let report): lines.append("\(stage.name) \(report.weights)")
      default: break
      }
    }
    let manifest = try fixture.manifest
    var expected: [String] = []
    for (index, holds) in try fixture.verdicts().enumerated() {
      let stage = name(index + 1, "finetune")
      let record = try #require(manifest.stages.last { $0.name == stage })
      expected += ["\(index + 1) \(stage) \(record.weights)", "\(stage) \(holds)"]
    }
    let search = try #require(manifest.stages.last { $0.name == "alternate" })
    #expect(lines == expected + ["alternate \(search.weights)"])
    let log = try fixture.folder.text("runs/tiny/events.jsonl").split(separator: "\n")
      .map { try JSONValue(parsing: String($0)) }
    let tested = log.filter { $0["event"] == "trial_tested" }
    #expect(tested.count == (try fixture.verdicts().count))
    let verdicts = try tested.map { try #require($0["reason"]?.stringValue) }
    #expect(
      verdicts.allSatisfy {
        $0.contains("accuracy drops by ") || $0.contains("accuracy rises by ")
      })
    #expect(log.contains { $0["event"] == "search_finished" })
  }

  @Test("a finished search is not run again, by whatever follows it")
  func again() throws {
    let fixture = try SearchFixture.finished()
    #expect(try fixture.run().computed == 0)
    try fixture.write(
      schedule: RunFixture.head + SearchFixture.stages + "\n  - finetune: {epochs: 1}")
    try fixture.run()
    #expect(fixture.computed == ["finetune"])
    // Another test is another search, from the same dense model.
    try fixture.write(
      schedule: RunFixture.head
        + SearchFixture.stages.replacing("accuracy_drop: 0.1", with: "accuracy_drop: 0.2"))
    try fixture.run()
    #expect(!fixture.computed.contains("train") && fixture.computed.contains("alternate"))
    // Trials of both have the same keys as long as their verdicts are the same, and are kept.
    #expect(!fixture.computed.contains("alternate/01/prune"))
  }

  @Test("from a trial on everything is computed again; a run cannot end at one")
  func parts() throws {
    let fixture = try SearchFixture.finished()
    let expected = try fixture.checkpoints()
    try fixture.run { $0.from = "alternate/02/finetune" }
    #expect(fixture.computed.first == "alternate/02/finetune")
    #expect(fixture.computed.last == "evaluate")
    #expect(try fixture.checkpoints().filter { expected[$0.key] != nil } == expected)
    try fixture.run { $0.from = "alternate" }
    #expect(fixture.computed.first == "alternate/01/prune")
    #expect(throws: RunFailure.self) {
      try fixture.run { $0.until = "alternate/01/finetune" }
    }
    let fresh = try RunFixture(RunFixture.head + SearchFixture.stages)
    try fresh.run { $0.until = "alternate" }
    #expect(fresh.computed.last == "alternate")
  }

  @Test("the loss of values is searched by, with a confidence")
  func regression() throws {
    let fixture = try RunFixture(
      """
      version: 1
      name: tiny
      seed: 7
      data: {csv: data.csv, task: regression, scale: standard, scale_targets: standard,
        split: {validation: 0.3}}
      model: {hidden: [7, 6]}
      training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
      stages:
        - train: {epochs: 4}
        - alternate:
            until: {validation: {loss_increase: 0.5}, confidence: 0.8}
            sparsity: {step: 0.3, minimal_step: 0.1, to: 0.9}
            rounds: 6
            finetune: {epochs: 3}
      """)
    try fixture.folder.write(
      RunFixture.table(seed: 3, rows: 120, isRegression: true), to: "data.csv")
    try fixture.run()
    let verdicts = try fixture.manifest.stages.compactMap(\.verdict)
    #expect(!verdicts.isEmpty && verdicts.count <= 6)
    for verdict in verdicts {
      #expect(verdict.measure == "loss_increase" && verdict.lost == nil)
      let change = try #require(verdict.change)
      #expect(abs(change - (try #require(verdict.after) / verdict.before - 1)) < 1e-12)
      if let bound = verdict.bound { #expect(bound > change) }
      #expect(verdict.holds == ((verdict.bound ?? .infinity) <= 0.5))
    }
    let dense = try fixture.manifest.stages[0].metrics[0].metrics.loss
    #expect(abs(verdicts[0].before - dense) <= 1e-9 * dense)
  }

  @Test("a trial that diverges does not hold, and the search goes back from it")
  func divergence() throws {
    let stages = SearchFixture.stages.replacing(
      "finetune: {epochs: 1}",
      with: "finetune: {epochs: 2, optimizer: {sgd: {learning_rate: 1e30}}}")
    let fixture = try SearchFixture.finished(stages)
    let records = try fixture.manifest.stages
    let failed = records.filter { $0.verdict != nil }
    #expect(failed.count == 2 && failed.allSatisfy { $0.file == nil && $0.metrics.isEmpty })
    for record in failed {
      let verdict = try #require(record.verdict)
      #expect(!verdict.holds && verdict.after == nil)
      #expect(verdict.description.contains("lower the learning rate"))
    }
    let report = try #require(records.last { $0.name == "alternate" }?.search)
    #expect(report.held == nil && report.rollbacks == 2 && report.weights == 95)
    #expect(
      try fixture.contents("alternate").state.network == fixture.contents("train").state.network)
    #expect(try fixture.run().computed == 0)
    let deep = try DeepVerification(
      folder: fixture.run, pool: WorkerPool(threadCount: 1), surroundings: .still
    ).report()
    #expect(deep.findings.isEmpty)
    // The same after interruptions at every step.
    let expected = try fixture.checkpoints()
    let other = try RunFixture(RunFixture.head + stages)
    for _ in 0..<100 {
      do {
        try other.run(stopAt: 3)
        break
      } catch RunFailure.interrupted {}
    }
    #expect(try other.differences(from: expected) == [])
    #expect(!FilePaths.exists(other.run.progress))
  }

  @Test("checkpoints of differences: the search's is told from its last trial's")
  func delta() throws {
    let fixture = try SearchFixture.finished(
      SearchFixture.stages + "\ncheckpoints: {delta: true}")
    let whole = try SearchFixture.finished()
    let record = try #require(try fixture.manifest.stages.last { $0.name == "alternate" })
    #expect(record.base == record.search?.source)
    #expect(
      try fixture.contents("alternate").state == whole.contents("alternate").state)
  }
}
