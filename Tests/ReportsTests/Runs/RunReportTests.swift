import Reports
import RunFixtures
import Runs
import Storage
import Testing

@Suite("The report of a run") struct RunReportTests {
  /// A report of what `fixture` has run so far.
  private func report(
    _ fixture: RunFixture, isRunning: Bool = false, overrides: [String] = []
  ) throws -> RunReport {
    let plan = try fixture.session { $0.overrides = overrides }.preview().plan
    var curves = RunCurves()
    curves.read(fixture.run.events)
    return RunReport(
      fixture.run, plan, try fixture.manifest, curves, isRunning: isRunning,
      sizes: ModelSizes(inPassing: fixture.run.result), time: "2026-03-04T05:06:07Z")
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test(
    "has a mark for each number of its figures, the same tables in three forms, and asks for nothing"
  )
  func content() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("scale: standard}", with: "scale: standard, image: [1, 5]}")
        + RunFixture.stages + "\n  - evaluate: {part: test}")
    let table = RunFixture.table(seed: 1).replacing("class1", with: "<b>&\"1")
    try fixture.folder.write(table, to: "data.csv")
    try fixture.run()
    let files = try report(fixture).files
    let html = text(files.html)
    let json = try JSONValue(parsing: files.json)
    let figures = try #require(json["figures"]?.objectValue)
    #expect(
      Set(figures.names) == [
        "quality-by-sparsity", "loss-by-sparsity", "rounds-quality", "rounds-loss", "layers",
        "training", "confusion", "sizes", "time",
      ])
    let marks = figures.reduce(0) { $0 + ($1.value["marks"]?.intValue ?? 0) }
    #expect(html.ranges(of: "class=\"mark").count == marks)
    for figure in figures {
      let table = try #require(figure.value["table"]?.stringValue)
      #expect(json["tables"]?[table]?["rows"]?.arrayValue?.isEmpty == false)
      #expect(html.contains("<table id=\"table-\(table)\">"))
    }
    #expect(html.contains("&lt;b&gt;&amp;") && !html.contains("<b>"))
    for outside in ["http:", "https:", "<script", "<link", "url(", "@import", "src="] {
      #expect(!html.contains(outside), "\(outside)")
    }
    // A line a number, and one for the names of the columns.
    let numbers = try #require(json["tables"]?.objectValue).reduce(0) { sum, table in
      sum + (table.value["rows"]?.arrayValue ?? []).reduce(0) { $0 + ($1.arrayValue?.count ?? 0) }
    }
    #expect(text(files.csv).split(separator: "\n").count == numbers + 1)
    let verdict = try #require(json["verdict"])
    #expect(verdict["weights"] == 19 && verdict["weights_before"] == 95)
    #expect(verdict["change"]?["accuracy"]?["low"]?.doubleValue != nil)
    #expect(verdict["measure"] == "accuracy")
    #expect(verdict["epochs"] == 4 && verdict["dense_epochs"] == 2)
    let sentence = try #require(verdict["sentence"]?.stringValue)
    #expect(sentence.hasPrefix("5 times fewer weights, and "))
    #expect(
      sentence.contains("than the dense network by ") || sentence.contains("as good as the dense")
        || sentence.contains("not shown to differ from the dense network"))
    #expect(sentence.hasSuffix("The dense network has trained for 2 epochs, this one for 4."))
    #expect(html.contains("after 2 epochs, this after 4"))
  }

  @Test("of numbers judges by the loss alone")
  func numbers() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("task: classification", with: "task: regression")
        + RunFixture.stages + "\n  - evaluate: {part: test}")
    try fixture.folder.write(RunFixture.table(seed: 1, isRegression: true), to: "data.csv")
    try fixture.run()
    let verdict = try report(fixture).verdict
    #expect(verdict.contains("on the test part the loss is ") && !verdict.contains("rmse"))
  }

  @Test(
    "says that a dense network had not finished learning, and that networks have learnt nothing")
  func caveats() throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("learning_rate: 0.01", with: "learning_rate: 1.0e-9")
        + RunFixture.stages + "\n  - evaluate: {part: test}")
    try fixture.run()
    let manifest = try fixture.manifest
    let counts = try #require(
      manifest.stages.last { $0.evaluation != nil }?.evaluation?.classes?.actual)
    let metrics = try #require(manifest.stages.last { $0.evaluation != nil }?.metrics.last?.metrics)
    let plan = try fixture.session().preview().plan
    func verdict(_ losses: [Double]) throws -> String {
      let lines = losses.enumerated().map {
        "{\"epoch\":\($0 + 1),\"event\":\"epoch_finished\",\"stage\":\"train\",\"validation\":{\"loss\":\($1)}}\n"
      }
      try fixture.folder.write(lines.joined(), to: "log")
      var curves = RunCurves()
      curves.read(fixture.folder.file("log"))
      return RunReport(
        fixture.run, plan, manifest, curves, isRunning: false, time: "2026-03-04T05:06:07Z"
      ).verdict
    }
    let sentence = "The dense network had not finished learning."
    #expect(try verdict([2, 1]).contains(sentence))
    #expect(try !verdict([1, 2]).contains(sentence))
    #expect(try !verdict([1, 0.999]).contains(sentence))
    // Training that has stopped before its limit.
    #expect(try !verdict([1]).contains(sentence))
    let share = Double(counts.max() ?? 0) / Double(counts.reduce(0, +))
    let isUseless = (metrics.accuracy ?? 1) <= share + 1e-12
    #expect(
      try verdict([1, 2]).contains("better than always saying the largest class") == isUseless)
  }

  @Test("shows what stages were expected to take beside what they took")
  func estimate() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let names = try fixture.session().preview().plan.stages.map(\.name)
    let estimate = PlanEstimate(
      stages: names.enumerated().map {
        .init(name: $1, seconds: $0 == 1 ? nil : 500, memory: (10 - $0) << 20, bytes: 1234)
      })
    let log = EventLog(path: fixture.run.events, now: { "2026-03-04T05:06:07Z" })
    try log.append(.estimated(estimate))
    let files = try report(fixture).files
    let table = try #require(try JSONValue(parsing: files.json)["tables"]?["plan"])
    let columns = (table["columns"]?.arrayValue ?? []).compactMap { $0.stringValue }
    let rows = (table["rows"]?.arrayValue ?? []).compactMap { $0.arrayValue }
    #expect(rows.count == 6)
    func column(_ name: String) throws -> [JSONValue] {
      let place = try #require(columns.firstIndex(of: name))
      return rows.map { $0[place] }
    }
    #expect(try column("seconds_planned") == [500.0, .null, 500.0, 500.0, 500.0, 500.0])
    #expect(try column("seconds").allSatisfy { $0.doubleValue ?? 500 < 500 })
    // By the end of each stage: what the largest so far has had stays.
    #expect(
      try column("memory_bytes_planned") == [JSONValue](repeating: JSONValue(10 << 20), count: 6))
    #expect(try column("bytes_planned") == [JSONValue](repeating: 1234, count: 6))
    #expect(try column("bytes")[0].intValue ?? 0 > 400)
    let html = text(files.html)
    #expect(html.contains("were to take 41.7 min"))
    #expect(html.contains(" is farthest off: 8.3 min planned, 0.0"))
  }

  @Test("comes anew by itself while the run goes on, and says how it ended when it has")
  func states() throws {
    let fixture = try RunFixture()
    #expect(throws: RunFailure.self) { try fixture.run(stopAt: 4) }
    let running = text(try report(fixture, isRunning: true).files.html)
    #expect(running.contains("location.reload") && running.contains("<noscript><meta http-equiv"))
    #expect(running.contains("running") && running.contains("No stage is finished yet."))
    let stopped = text(try report(fixture).files.html)
    #expect(!stopped.contains("location.reload") && stopped.contains("interrupted"))
  }

  @Test("of thousands of stages stays below two megabytes, and JSON has all of them")
  func long() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let rounds = 2500
    let plan = try PlanFixture.plan(
      """
      stages:
        - train: {epochs: 2}
        - alternate: {rounds: \(rounds), sparsity: {to: 0.8}, finetune: {epochs: 1}}
        - evaluate: {part: test}
      """)
    var manifest = try fixture.manifest
    let model = try #require(manifest.stages.first)
    manifest.stages = plan.stages.map { stage in
      var record = model
      record.name = stage.name
      record.kind = stage.kind
      record.key = stage.key
      record.parent = stage.parent
      record.weights = stage.weights ?? 0
      record.sparsity = stage.sparsity ?? 0
      return record
    }
    var curves = RunCurves()
    let lines = plan.stages.map {
      "{\"epoch\":1,\"event\":\"epoch_finished\",\"stage\":\"\($0.name)\",\"training_loss\":0.5}\n"
    }
    try fixture.folder.write(lines.joined(), to: "log")
    curves.read(fixture.folder.file("log"))
    let files = RunReport(
      fixture.run, plan, manifest, curves, isRunning: false, time: "2026-03-04T05:06:07Z"
    ).files
    #expect(files.html.count < 2_000_000)
    #expect(text(files.html).contains("rows in the middle are left out"))
    let json = try JSONValue(parsing: files.json)
    #expect(json["tables"]?["time"]?["rows"]?.arrayValue?.count == 2 * rounds + 2)
  }

  @Test("of several runs has each of them, and what they do otherwise")
  func several() throws {
    let (one, other) = (try RunFixture(), try RunFixture())
    try one.run()
    try other.run { $0.overrides = ["training.batch=8"] }
    let reports = [try report(one), try report(other, overrides: ["training.batch=8"])]
    let files = RunsComparison(reports, time: "2026-03-04T05:06:07Z").files
    let json = try JSONValue(parsing: files.json)
    #expect(json["runs"]?.arrayValue?.count == 2)
    let rows = try #require(json["tables"]?["differences"]?["rows"]?.arrayValue)
    #expect(rows.contains { $0[1]?.stringValue?.contains("batch was 16 and is 8") == true })
    // The dense networks' lines are told apart.
    let html = String(decoding: files.html, as: UTF8.self)
    for colour in [2, 0] {
      #expect(html.contains("<g class=\"c\(colour)\"><title>"))
    }
    #expect(html.contains("dense, in the colour of its run"))
    // Runs of one name go by their folders.
    #expect(json["runs"]?[0]?["name"] == .string(one.run.path))
  }
}
