import Engine
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import Testing

@Suite("A study")
struct StudySessionTests {
  @Test("gives the same numbers on one thread, on three, and after interruptions")
  func sameBits() throws {
    let fixture = try StudyFixture()
    let whole = try fixture.run().outcome
    #expect(whole.measured == 18 && whole.table.rows.count == 18)
    #expect(try fixture.run().outcome.measured == 0)

    let threaded = try StudyFixture().run(threads: 3).outcome
    #expect(threaded.table.untimed == whole.table.untimed)

    let interrupted = try StudyFixture()
    for cells in [0, 1, 5] {
      do {
        _ = try interrupted.run(threads: 2, stopAfter: cells)
        Issue.record("it was interrupted")
      } catch let failure as RunFailure {
        #expect(failure.exitCode == 75)
      }
    }
    let rest = try interrupted.run().outcome
    #expect(rest.measured < 18 && rest.table.untimed == whole.table.untimed)
  }

  @Test("writes the columns that are promised, and a page that needs nothing else")
  func files() throws {
    let fixture = try StudyFixture()
    let outcome = try fixture.run().outcome
    let csv = try fixture.folder.text("runs/small/results.csv").split(separator: "\n")
    #expect(
      csv[0] == "dataset,model,criterion,metric,compensation,budget,ratio,seed,"
        + "loss_before,loss_after,accuracy_before,accuracy_after,rmse_before,rmse_after,mae_before,"
        + "mae_after,nrmse_before,nrmse_after,r2_before,r2_after,unpruned_loss,unpruned_accuracy,"
        + "unpruned_rmse,unpruned_nrmse,seconds")
    #expect(csv.count == 19)
    #expect(csv[1].hasPrefix("small,5-7-6-3,unpruned,,,,0.0,1,"))
    #expect(csv[3].hasPrefix("small,5-7-6-3,narrower,,,,0.4,1,,"))
    // Beside each pruned network the dense one of its seed, beside that nothing.
    let fields = csv.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    let lossAfter = try #require(fields[0].firstIndex(of: "loss_after"))
    let unpruned = try #require(fields[0].firstIndex(of: "unpruned_loss"))
    #expect(fields[1][unpruned] == "" && fields[3][unpruned] == fields[1][lossAfter])
    let page = try fixture.folder.text("runs/small/report.html")
    #expect(page.contains("<svg") && !page.contains("<script") && !page.contains("http"))
    #expect(outcome.page == fixture.folder.file("runs/small/report.html"))
  }

  @Test("prunes and trains in rounds as a schedule does, policy by policy")
  func rounds() throws {
    let text = StudyFixture.text.replacing(
      "criteria: [{criterion: ec, metric: output}, magnitude, random]",
      with: "rounds: 2\ncriteria: [{criterion: ec, budget: [erk, optimal]}]"
    ).replacing("ratios: [0.4, 0.8]", with: "ratios: [0.8]")
    let whole = try StudyFixture(text).run().outcome
    #expect(whole.measured == 8)
    let once = try StudyFixture(
      text.replacing("rounds: 2", with: "rounds: 1")
    ).run().outcome
    for (row, other) in zip(whole.table.rows, once.table.rows) {
      #expect(row.identity == other.identity)
      #expect(row.result.lossAfter != other.result.lossAfter)
      // The dense network and its likes are the same before they are trained on.
      let isBaseline = row.identity.budget == nil
      #expect((row.result.lossBefore == other.result.lossBefore) == isBaseline)
    }
    let losses = whole.table.rows.filter { $0.identity.seed == 1 && $0.identity.budget != nil }
    #expect(losses.map(\.identity.budget) == ["erk", "optimal"])
    #expect(losses[0].result.lossBefore != losses[1].result.lossBefore)
  }

  @Test("measures the dense network as the run of a schedule does")
  func unpruned() throws {
    let fixture = try StudyFixture()
    let row = try #require(try fixture.run().outcome.table.rows.first)
    let (model, data) = try fixture.denseNetwork()
    let metrics = Evaluator(
      samples: try #require(data.test), loss: .crossEntropy(), pool: WorkerPool(threadCount: 1)
    ).metrics(of: model.network)
    #expect(metrics.loss == row.result.lossBefore)
    #expect(metrics.accuracy == row.result.accuracyBefore)
  }

  @Test("measures anew what a change touches, and keeps the rest")
  func changed() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    try fixture.write(StudyFixture.text.replacing("[0.4, 0.8]", with: "[0.4, 0.7]"))
    let (changed, warnings) = try fixture.run()
    #expect(changed.measured == 8 && changed.table.rows.count == 18)
    // Three ways to prune and a narrower network, at one ratio with two seeds.
    #expect(warnings.count == 1)
    #expect(
      warnings[0].hasPrefix(
        "\(fixture.folder.file("runs/small")): 8 results were measured with other settings "
          + "(ratios was [0.4,0.8] and is [0.4,0.7]) and are left out of the table"), "\(warnings)")
    try fixture.write(StudyFixture.text)
    #expect(try fixture.run().outcome.measured == 0)
    // More than there was leaves nothing out, and is not told of.
    try fixture.write(StudyFixture.text.replacing("[0.4, 0.8]", with: "[0.4, 0.7, 0.8]"))
    #expect(try fixture.run().warnings.isEmpty)
    try fixture.write(StudyFixture.text)
    #expect(try fixture.run { $0.fresh = true }.outcome.measured == 18)
  }

  @Test("has a folder of its own for its quick form")
  func quick() throws {
    let fixture = try StudyFixture()
    let outcome = try fixture.run { $0.isQuick = true }.outcome
    #expect(outcome.measured == 5)
    #expect(outcome.csv == fixture.folder.file("runs/small-quick/results.csv"))
  }

  @Test("measures a cell again whose line is torn or damaged, and trains a damaged network again")
  func damage() throws {
    let fixture = try StudyFixture()
    let whole = try fixture.run().outcome
    let path = "runs/small/cells.jsonl"
    var lines = try fixture.folder.text(path).split(separator: "\n").map(String.init)
    lines[3] = lines[3].replacing("\"loss_after\":", with: "\"loss_after\":1")
    lines[17].removeLast(20)
    try fixture.folder.write(lines.joined(separator: "\n"), to: path)
    for name in FilePaths.entries(of: fixture.folder.file("runs/small"))
    where name.hasPrefix("dense-") {
      let bytes = try fixture.folder.read("runs/small/" + name)
      try fixture.folder.write(Array(bytes.dropLast(9)), to: "runs/small/" + name)
    }
    let (outcome, warnings) = try fixture.run()
    #expect(outcome.measured == 2)
    #expect(warnings.contains { $0.contains("1 damaged line; its cell is measured again") })
    #expect(outcome.table.untimed == whole.table.untimed)
  }

  @Test("notes in the run whose checkpoint it begins with that it does, once")
  func start() throws {
    let run = try RunFixture()
    try run.run { $0.until = "train" }
    let record = try #require(try run.manifest.stages.first)
    let file = run.folder.file(try run.checkpoint("train"))
    let fixture = try StudyFixture(
      StudyFixture.text
        .replacing("hidden: [7, 6], activation: prelu", with: "start: \(file)")
        .replacing(", scale: standard", with: "").replacing("\ntrain: {epochs: 3}", with: "")
        .replacing(", narrower", with: ""))
    for isShared in [false, true] {
      _ = try fixture.run(threads: 1, stopAfter: .max) {
        if isShared { $0.lease = .seconds(60) }
      }
    }
    let pins = try CheckpointPins(of: run.run).contents()
    #expect(pins.reasons(toHold: record) == [.start])
    #expect(pins.notes.map(\.target) == [fixture.folder.file("runs/small")])
  }

  @Test("does not touch the folder of a run, nor one that another process has")
  func refused() throws {
    let fixture = try StudyFixture()
    _ = try fixture.run()
    let lock = try FileLock(path: fixture.folder.file("runs/small.lock"), startedAt: "now")
    #expect { try fixture.run() } throws: { $0 is LockHeld }
    withExtendedLifetime(lock) {}
    let own = try StudyFixture()
    try FilePaths.makeFolders(own.folder.file("runs/small"))
    try own.folder.write("{}", to: "runs/small/run.json")
    #expect { try own.run() } throws: { "\($0)".contains("the folder of a run") }
  }

  @Test("its folder is refused by a run of its name, which changes nothing there")
  func refusedByRun() throws {
    let study = try StudyFixture()
    _ = try study.run()
    try study.folder.write(
      (RunFixture.head + RunFixture.stages).replacing("name: tiny", with: "name: small"),
      to: "run.yaml")
    let before = try study.folder.states(of: "runs")
    for fresh in [false, true] {
      var options = RunSession.Options(
        checkpoints: study.folder.file("runs"), surroundings: .still, continueCommand: "")
      options.fresh = fresh
      let session = try RunSession(schedulePath: study.folder.file("run.yaml"), options: options)
      let failure = try #require(throws: RunFailure.self) {
        try session.run(
          pool: WorkerPool(threadCount: 1), events: { _ in }, isInterrupted: { false })
      }
      #expect(failure.exitCode == 65)
      #expect(
        "\(failure)"
          == "\(session.folder.path): this is the folder of a study; give the schedule another name"
      )
    }
    #expect(try study.folder.states(of: "runs") == before)
    #expect(try study.run().outcome.measured == 0)
  }
}
