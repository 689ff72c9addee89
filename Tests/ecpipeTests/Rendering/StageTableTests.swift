import NumericCore
import Reports
import Runs
import Testing
import ecpipe

@Suite("The table of stages")
struct StageTableTests {
  /// The table of the schedule `text` after running it up to `last`.
  private func lines(
    _ text: String = SmallRun.schedule, until last: String? = nil, overrides: [String] = []
  ) throws -> [String] {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(SmallRun.curve(), to: "curve.csv")
      try place.write(text, to: "table.yaml")
      var options = RunSession.Options(
        checkpoints: place.file("checkpoints"), surroundings: .still, continueCommand: "")
      options.until = last
      options.overrides = overrides
      let session = try RunSession(schedulePath: place.file("table.yaml"), options: options)
      let outcome = try session.run(
        pool: WorkerPool(threadCount: 1), events: { _ in }, isInterrupted: { false })
      return StageTable.lines(
        of: RunStatus(
          of: outcome.plan, in: session.folder, manifest: outcome.manifest, isRunning: false))
    }
  }

  @Test("a finished run: sparsity, weights, loss, accuracy, bytes, seconds of every stage")
  func finished() throws {
    let cells = try lines().map { $0.split(separator: " ").map(String.init) }
    #expect(
      cells[0] == [
        "stage", "sparsity", "weights", "part", "loss", "(cross_entropy)", "accuracy", "bytes",
        "seconds",
      ])
    #expect(
      cells.dropFirst().map { Array($0.prefix(5)) } == [
        ["train", "0.00", "%", "87", "validation"], ["evaluate", "0.00", "%", "87", "test"],
        ["alternate/01/prune", "25.29", "%", "65", "validation"],
        ["alternate/01/finetune", "25.29", "%", "65", "validation"],
        ["alternate/02/prune", "50.57", "%", "43", "validation"],
        ["alternate/02/finetune", "50.57", "%", "43", "validation"],
      ])
    // An evaluation stores nothing.
    #expect(cells.dropFirst().map(\.count) == [10, 9, 10, 10, 10, 10])
  }

  @Test("of many rounds that have been shown only the first and the last stand below")
  func foldedRounds() {
    let names =
      ["train"] + (1...6).flatMap { ["alternate/0\($0)/prune", "alternate/0\($0)/finetune"] }
    let folded = StageTable.foldedRounds(of: names + ["evaluate"])
    #expect(folded.count == 8)
    #expect(folded.filter { !$0.value.isEmpty } == ["alternate/02/prune": "alternate/02 … 05"])
    #expect(StageTable.foldedRounds(of: Array(names.prefix(9))).isEmpty)
  }

  @Test("an open run says how far each stage is, and counts that are planned")
  func open() throws {
    let cells = try lines(until: "evaluate").map { $0.split(separator: " ").map(String.init) }
    #expect(cells[0].prefix(3) == ["stage", "status", "sparsity"])
    #expect(cells[1].prefix(2) == ["train", "done"])
    #expect(cells[2].prefix(2) == ["evaluate", "done"])
    #expect(cells[3] == ["alternate/01/prune", "pending", "25.29", "%", "65"])
    #expect(cells[6] == ["alternate/02/finetune", "pending", "50.57", "%", "43"])
  }

  @Test("of trials a column says whether they hold; behind an open search counts are not known")
  func search() throws {
    let lines = try lines(overrides: [SmallRun.search])
    let cells = lines.map { $0.split(separator: " ").map(String.init) }
    #expect(cells[0].last == "holds")
    for row in cells.dropFirst() {
      let isTuning = row[0].hasSuffix("/finetune")
      #expect((row.last == "yes" || row.last == "no") == isTuning)
    }
    #expect(cells.last?.first == "alternate")
    let open = try self.lines(until: "evaluate", overrides: [SmallRun.search])
    #expect(open.last?.split(separator: " ") == ["alternate", "pending"])
    #expect(open[3].split(separator: " ") == ["alternate/01/prune", "pending", "50.57", "%", "43"])
  }

  @Test("for regression the quality is r²")
  func regression() throws {
    let text = """
      version: 1
      name: curve
      data: {csv: curve.csv, label: [2, 3], task: regression}
      model: {hidden: [4]}
      stages:
        - train: {epochs: 1}
      """
    let cells = try lines(text).map { $0.split(separator: " ").map(String.init) }
    #expect(cells[0].contains("r²"))
    #expect(cells[1].contains("train"))
  }
}
