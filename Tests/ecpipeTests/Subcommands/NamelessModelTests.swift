import Foundation
import TestSupport
import Testing

/// What is said where a network brings no names and its data have some.
@Suite("A state dict and a table with names")
struct NamelessModelTests {
  private static let inOrder =
    "rows.csv: the model net.safetensors knows no names of columns, so they are taken in order\n"
  private static let label =
    "rows.csv: label: animal, the last column; --label says another\n"
  private static let model = ["net.safetensors", "--activation", "relu"]

  /// The animals' network, and `table` as rows.csv.
  private func animals(
    _ table: String = OwnNetwork.animalTable(), _ body: (Workplace) throws -> Void
  ) throws {
    try Workplace.with { place in
      try place.write(OwnNetwork.animals(), to: "net.safetensors")
      try place.write(table, to: "rows.csv")
      try body(place)
    }
  }

  /// The lines of the animals' table, changed one by one; the first has the names.
  private func table(_ change: (Int, [Substring]) -> [Substring]) -> String {
    OwnNetwork.animalTable().split(separator: "\n").enumerated().map { row, line in
      change(row, line.split(separator: ",")).joined(separator: ",")
    }.joined(separator: "\n") + "\n"
  }

  private func errors(
    _ place: Workplace, _ command: String, _ options: String..., code: Int32 = 65
  ) throws -> String {
    let outcome = try place.run([command] + Self.model + ["--data", "rows.csv"] + options)
    #expect(outcome.code == code, "\(outcome.errors)")
    return outcome.errors
  }

  @Test("columns are taken in order, the last as label, and both are said once")
  func notes() throws {
    try animals { place in
      let classes = ["--classes", "zebra,ant,mole"]
      let evaluated = try place.run(
        ["evaluate"] + Self.model + ["--data", "rows.csv"] + classes)
      #expect(evaluated.code == 0 && evaluated.errors.contains(Self.inOrder))
      #expect(evaluated.errors.contains(Self.label))
      let said1 = try errors(place, "evaluate", "--label", "animal", code: 0)
      #expect(!said1.contains("label: animal"))
      let predicted = try errors(
        place, "predict", "--ignore", "animal", "--output", "p.csv", code: 0)
      #expect(predicted.contains(Self.inOrder) && !predicted.contains("label:"))
      let pruned = try errors(
        place, "prune", "--to", "0.2", "--output", "small.safetensors", code: 0)
      #expect(pruned.components(separatedBy: Self.inOrder).count == 2)
      #expect(pruned.contains(Self.label))
    }
  }

  @Test("what prune has written knows the columns that it was scored on")
  func kept() throws {
    try animals { place in
      _ = try errors(
        place, "prune", "--to", "0", "--output", "small.safetensors", "--classes",
        "zebra,ant,mole", code: 0)
      try place.write(table { _, fields in fields.reversed() }, to: "other.csv")
      for file in ["rows.csv", "other.csv"] {
        let outcome = try place.run("evaluate", "small.safetensors", "--data", file)
        #expect(outcome.code == 0 && outcome.output.contains(" 100.00 %"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("in order") && !outcome.errors.contains("label:"))
      }
      for file in ["rows.csv", "other.csv"] {
        try #require(
          place.run("predict", "small.safetensors", "--data", file, "--output", file + ".p.csv")
            .code == 0)
      }
      #expect(try place.text("rows.csv.p.csv") == place.text("other.csv.p.csv"))
    }
  }

  @Test("where an input is missing or text, that is said, and the label stays the label")
  func inputs() throws {
    let missing = table { row, fields in row == 3 ? ["", fields[1], fields[2]] : fields }
    try animals(missing) { place in
      for (command, options) in [
        ("evaluate", []), ("prune", ["--to", "0.2", "--output", "o.safetensors"]),
      ] {
        let outcome = try place.run(
          [command] + Self.model + ["--data", "rows.csv"] + options)
        #expect(outcome.code == 65)
        #expect(outcome.errors.contains("rows.csv, line 4, column \"a\": the value is missing"))
        #expect(!outcome.errors.contains("animal"))
      }
    }
    let text = table { row, fields in [row == 0 ? "site" : "here"] + fields }
    try animals(text) { place in
      let found = try errors(place, "evaluate")
      #expect(found.contains("--ignore site") && !found.contains("animal"))
    }
  }

  @Test("one column too many is named, with the option that leaves it out")
  func superfluous() throws {
    try animals(table { row, fields in [row == 0 ? "" : Substring("\(row)")] + fields }) { place in
      let expected =
        "rows.csv: 3 columns of inputs (column 0 (no name), column \"a\", column \"b\"), the model takes 2; "
        + "leave out what is no input, such as column 0 (no name) with --ignore 0"
      let said2 = try errors(place, "evaluate")
      #expect(said2.contains(expected))
      let said3 = try errors(place, "prune", "--to", "0.2", "--output", "o.safetensors")
      #expect(said3.contains(expected))
      let said4 = try errors(place, "evaluate", "--ignore", "0", code: 0)
      #expect(said4.contains("label: animal"))
    }
    let numbers = table { row, fields in [fields[0], fields[1], row == 0 ? "kind" : "1"] }
    try animals(numbers) { place in
      let said5 = try errors(place, "predict", "--output", "p.csv")
      #expect(said5.contains("such as column \"kind\" with --ignore kind"))
    }
    let unlabelled = table { row, fields in
      [row == 0 ? "" : Substring("\(row)")] + fields.dropLast()
    }
    try animals(unlabelled) { place in
      let said6 = try errors(place, "prune", "--to", "0.2", "--output", "o.safetensors")
      #expect(
        said6.contains(
          "rows.csv: the last column, column \"b\", was taken for the label, and its values are no "
            + "classes of a network with 3 outputs"))
    }
  }

  @Test(
    "two whole numbers as targets of one output may be classes, which is pointed out",
    arguments: [(0, 1), (-1, 1)])
  func logit(labels: (Int, Int)) throws {
    try Workplace.with { place in
      try place.write(
        OwnNetwork.file([("0.weight", [1, 2], [1, -1]), ("0.bias", [1], [0])]),
        to: "net.safetensors")
      try place.write(
        "a,b,y\n1,0,\(labels.1)\n0,1,\(labels.0)\n2,1,\(labels.1)\n", to: "rows.csv")
      let option = "--classes=\(labels.0),\(labels.1)"
      let told = try place.run("evaluate", "net.safetensors", "--data", "rows.csv")
      #expect(told.code == 0 && told.errors.contains("if its output is a logit, say \(option)\n"))
      let said = try place.run("evaluate", "net.safetensors", "--data", "rows.csv", option)
      #expect(said.code == 0 && said.output.contains(" 100.00 %"), "\(said.errors)")
      #expect(!said.errors.contains("logit"))
    }
  }

  @Test("a warning at the start of a run is in its log, which is there by then")
  func log() throws {
    try animals { place in
      try place.write(
        """
        version: 1
        name: s
        data: {csv: rows.csv, task: classification}
        model: {start: net.safetensors, activation: relu}
        stages: [evaluate: {part: train}]
        """, to: "s.yaml")
      let outcome = try place.run("run", "s.yaml")
      #expect(outcome.code == 0 && outcome.errors.contains("does not say its classes"))
      #expect(!outcome.errors.contains("events are missing"))
      #expect(try place.text("checkpoints/s/events.jsonl").contains("does not say its classes"))
    }
  }

  @Test("a network without biases is pruned without compensation, which is said")
  func noBias() throws {
    try Workplace.with { place in
      try place.write(
        OwnNetwork.file([
          ("fc1.weight", [3, 2], [1, 0.1, 0.2, 1, 0.5, 0.25]),
          ("fc2.weight", [3, 3], [-1, 0.1, 0, 1, 1, 0.3, 0.2, -1, 0.1]),
        ]), to: "net.safetensors")
      try place.write(OwnNetwork.animalTable(), to: "rows.csv")
      let outcome = try place.run(
        ["prune"] + Self.model + [
          "--data", "rows.csv", "--to", "0.5", "--output", "o.safetensors",
        ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("compensation none, 18 steps"))
      #expect(outcome.errors.contains("a layer has no bias, and compensation shifts biases"))
      #expect(
        try Arrays.tensors(safetensors: place.bytes("o.safetensors")).keys.sorted() == [
          "fc1.weight", "fc2.weight",
        ])
    }
  }

  @Test("a folder that holds no run is told so")
  func folder() throws {
    try Workplace.with { place in
      try FileManager.default.createDirectory(
        atPath: place.file("some"), withIntermediateDirectories: true)
      let outcome = try place.run("show", "some")
      #expect(outcome.code == 66)
      #expect(outcome.errors.contains("the folder some holds no run"))
    }
  }
}
