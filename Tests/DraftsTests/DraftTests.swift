import Datasets
import Drafts
import Testing

@Suite("Drafts of schedules") struct DraftTests {
  @Test("a draft says what was found, and only that")
  func found() throws {
    let table = try TableFile("id;x;city;y") { row in
      "\(row + 1);\(row % 7 == 0 ? "" : "\(row),5");\(["Rom", "Ulm"][row % 2]);\(row),5"
    }
    let lines = try table.settings(schema: "s.json")
    #expect(lines[0] == "# yaml-language-server: $schema=s.json")
    func setting(_ key: String) -> String? {
      lines.first { $0.hasPrefix("  \(key): ") }?.split(separator: "  #")[0]
        .split(separator: " ").joined(separator: " ")
    }
    #expect(setting("label") == "label: y")
    #expect(setting("task") == "task: regression")
    #expect(setting("delimiter")?.contains("semicolon") == true)
    #expect(setting("decimal")?.contains("comma") == true)
    #expect(setting("ignore")?.contains("[id]") == true)
    #expect(setting("categorical")?.contains("one_hot") == true)
    #expect(setting("missing")?.contains("median") == true)
    #expect(setting("scale_targets")?.contains("standard") == true)
    #expect(setting("header") == nil)
    #expect(lines.contains("#   id: left out: it only numbers the rows"))
    #expect(lines.allSatisfy { $0.count <= 100 })

    let plain = try TableFile("x,z,y") { "\($0).5,\($0).25,\($0 % 2)" }.settings()
    for key in [
      "delimiter", "decimal", "ignore", "categorical", "missing", "scale_targets", "header",
    ] {
      #expect(!plain.contains { $0.hasPrefix("  \(key):") }, "\(key)")
    }
    #expect(plain[0].hasPrefix("# Trains"))
  }

  @Test("rows are left out only for a target that they lack, and another target is told of")
  func missing() throws {
    func settings(_ row: @escaping (Int) -> String) throws -> String {
      try TableFile("a,heat,cool", row).settings().joined(separator: "\n")
    }
    let both = try settings {
      "\($0),\($0 % 7 == 0 ? "" : "\($0).5"),\($0 % 9 == 0 ? "" : "\($0).25")"
    }
    #expect(both.contains("\n  missing: {median: {targets: drop}}\n"))
    #expect(both.contains("[heat, cool]"))
    let target = try settings { "\($0),\($0).5,\($0 % 9 == 0 ? "" : "\($0).25")" }
    #expect(target.contains("\n  missing: drop "))
    let marked = try settings {
      "\($0 % 7 == 0 ? "-" : "\($0)"),\($0).5,\($0 % 9 == 0 ? "" : "\($0).25")"
    }
    #expect(marked.contains("\n  missing: {median: {targets: drop, markers: [\"-\"]}}\n"))
  }

  @Test("names that YAML could read as something else are quoted, twins and patterns are counted")
  func names() throws {
    let odd = try TableFile("\"a: b\",yes,x,no") { "t\($0),\($0 + 3),\($0).5,\($0 % 2)" }
    let lines = try odd.settings()
    #expect(lines.contains { $0.hasPrefix("  label: \"no\"") })
    #expect(lines.contains { $0.hasPrefix("  ignore: [\"a: b\"]") })
    let patterns = try TableFile("a*,ab,y") { "t\($0),\($0).5,\($0 % 2)" }
    #expect(try patterns.settings().contains { $0.hasPrefix("  ignore: [0]") })
    let twins = try TableFile("x,y,y") { "\($0).5,\($0).5,\($0 % 2)" }
    #expect(try twins.settings().contains { $0.hasPrefix("  label: 2") })
  }

  @Test("without a table there are lines to change")
  func template() {
    let draft = Draft(
      .schedule, name: "s", file: "s.yaml", schema: nil,
      table: DraftTable(path: "data.csv", guess: nil))
    #expect(draft.text.split(separator: "\n").count { $0.contains("# <-") } == 4)
  }

  @Test("names of runs have no blanks and slashes")
  func runNames() {
    #expect(Draft.name(from: "my data/2") == "my-data-2")
    #expect(Draft.name(from: "..") == "run" && Draft.name(from: "a.lock") == "a")
    #expect(Draft.name(from: "größe") == "gr--e")
  }

  @Test("few rows have small batches, many have few epochs, and many inputs more units")
  func network() {
    #expect(NetworkGuess(rows: 150, width: 4).batch < NetworkGuess(rows: 5000, width: 4).batch)
    #expect(
      NetworkGuess(rows: 200_000, width: 4).epochs < NetworkGuess(rows: 5000, width: 4).epochs)
    #expect(NetworkGuess(rows: 5000, width: 784).hidden == [128, 64])
    #expect(NetworkGuess(rows: 150, width: 4).test > NetworkGuess(rows: 5000, width: 4).test)
  }

  @Test("names that would break a line stay inside their comment, and what is read is the name")
  func brokenNames() throws {
    let name = "a\nstages: []\u{2028}#\u{1B}[2J\u{FEFF}"
    let table = try TableFile("\"\(name)\",x,y") { "\($0).25,\($0).5,\($0 % 2)" }
    let draft = Draft(
      .schedule, name: "t", file: "\(name).yaml", schema: nil,
      table: DraftTable(path: "\(name).csv", guess: try table.guess(labels: [.index(0)])))
    let text = draft.text
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.isPlainInYAML })
    let keys = text.split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix(" ") }
      .map { String($0.prefix { $0 != ":" }) }
    #expect(keys == ["version", "name", "data", "model", "training", "stages"])
    #expect(
      text.contains("\n  csv: \"a\\U0000000astages: []\\U00002028#\\U0000001b[2J\\U0000feff.csv\""))
    #expect(text.contains("\n  label: 0"))
  }

  @Test("of a large table rows from all over it stand for all, and the draft says so")
  func sampled() throws {
    // Sorted, so that its first rows alone have one class.
    let table = try TableFile("id,x,y", rows: 6000) { row in
      "\(row),\(row % 50).5,\(["a", "b", "c"][row / 2000])"
    }
    let extent = RowSample.Extent(blocks: 10, bytes: 300)
    let survey = try TableSurvey(table.path, sampling: extent)
    let sampled = try #require(survey.sampledRows)
    #expect((200..<2000).contains(sampled))
    #expect(abs(survey.rows - 6000) < 300)
    let guess = try TableGuess(survey)
    #expect(guess.target.columns == [2] && guess.target.classes == 3)
    #expect(guess.roles[0] == .ignored("only numbers the rows"))
    let draft = Draft(
      .schedule, name: "t", file: "t.yaml", schema: nil,
      table: DraftTable(path: "t.csv", guess: guess))
    #expect(draft.text.contains("(\(sampled) from all over the file were looked at)"))
    #expect(try TableSurvey(table.path).sampledRows == nil)

    // A line that is no row, and one that is wrong: the whole table is looked at.
    let quoted = try TableFile("x,y", rows: 6000) { "\"\($0)\n\",\($0 % 2)" }
    #expect(try TableSurvey(quoted.path, sampling: extent).rows == 6000)
    let ragged = try TableFile("x,y", rows: 6000) { $0 == 10 ? "1" : "\($0).5,\($0 % 2)" }
    let error = #expect(throws: DatasetError.self) {
      try TableSurvey(ragged.path, sampling: extent)
    }
    #expect(error.map { "\($0)" }?.contains(", line 12: ") == true, "\(error as Any)")
  }

  @Test("training ends by the validation part, and few rows are fine-tuned gently")
  func training() throws {
    func lines(_ rows: Int, _ kind: Draft.Kind) throws -> [String] {
      try TableFile("x,z,y", rows: rows) { "\($0).5,\($0).25,\($0 % 2)" }.settings(kind)
    }
    let few = try lines(300, .schedule)
    #expect(few.contains { $0.hasPrefix("  early_stop: ") })
    #expect(few.contains { $0.contains("finetune: ") && $0.contains("learning_rate: 0.0005") })
    #expect(try lines(1200, .schedule).contains { $0.contains("learning_rate: 0.001") })
    #expect(NetworkGuess(rows: 200_000, width: 4).tuningRate == nil)
    #expect(try lines(300, .nightly).contains { $0.hasPrefix("  early_stop: ") })
    // Its data have no validation part.
    #expect(try !lines(300, .study).contains { $0.hasPrefix("  early_stop: ") })
  }

  @Test("a nightly draft prunes as by day, and suggests floors that mean something")
  func nightly() throws {
    func floor(_ lines: [String]) -> String? {
      lines.first { $0.hasPrefix("    # floor: ") }?.split(separator: " ").dropFirst(2).first
        .map(String.init)
    }
    let day = try TableFile("x,z,y") { "\($0).5,\($0).25,\($0 % 2)" }.settings()
    // Of two classes of one size: half, and a fifth of the rest.
    let classes = try TableFile("x,z,y") { "\($0).5,\($0).25,\($0 % 2)" }.settings(.nightly)
    #expect(floor(classes) == "0.6")
    #expect(day.filter { $0.hasPrefix("      ") }.allSatisfy(classes.contains))
    #expect(!classes.contains { $0.contains("rounds: ") })
    // Python 3.11: 0.9 * statistics.pstdev([0.5, 10.5] * 20) == 4.5
    let one = try TableFile("x,z,y") { "\($0).5,\($0).25,\($0 % 2 * 10).5" }.settings(.nightly)
    #expect(floor(one) == "4.5")
    let several = try TableFile("x,y1,y2") { "\($0).5,\($0 * 2).25,\($0 * 3).5" }
    #expect(floor(try several.settings(.nightly)) == "0.9")
  }

  @Test("a study has EC as it is recommended and as it was published, each with a name")
  func study() throws {
    let study = try TableFile("x,y") { "\($0).5,\($0 % 2)" }.settings(.study)
    #expect(
      study.contains { $0.contains("steps: 18, compensation: least_squares, name: ec-18-steps") })
    #expect(study.contains { $0.contains("name: ec-one-step") })
  }

  @Test("a study of another kind says so, and has what that kind asks for")
  func kinds() throws {
    let table = try TableFile("a,b,c,d,e,f,y", rows: 100) { row in
      (1...6).map { "\(row * $0 % 17).5" }.joined(separator: ",") + ",\(row % 2)"
    }
    let units = try table.settings(.units)
    #expect(units.contains { $0.hasPrefix("kind: units") })
    #expect(units.contains { $0.hasPrefix("sample_shares: [0.01, 0.1, 1] ") })
    // Of 100 rows 70 are for training.
    let dropout = try table.settings(.dropoutPhases)
    #expect(dropout.contains { $0.hasPrefix("train_sizes: [15, 30, 45, 60] ") })
    // Six inputs, whose sides are the most alike.
    let fields = try table.settings(.receptiveFields)
    #expect(fields.contains { $0.hasPrefix("  image: [2, 3]") })
  }
}
