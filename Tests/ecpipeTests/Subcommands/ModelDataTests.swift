import Foundation
import TestSupport
import Testing

/// What a model knows of its data, from the run to the commands that use it.
@Suite("A model knows its data")
struct ModelDataTests {
  /// Columns of numbers, 60 rows: y = 3a − b, z = 2y + a.
  private static let columns: [String: [Double]] = {
    let a = (0..<60).map { sin(Double($0) * 1.3) }
    let b = (0..<60).map { 10 + 5 * cos(Double($0) * 0.7) }
    let y = zip(a, b).map { 3 * $0 - $1 }
    return [
      "a": a, "b": b, "y": y, "z": zip(y, a).map { 2 * $0 + $1 }, "id": a.indices.map(Double.init),
    ]
  }()

  /// A table of these columns.
  private func table(
    _ names: [String], header: [String]?, delimiter: String = ","
  ) -> String {
    let rows = (0..<60).map { row in
      names.map { String(format: "%.6f", Self.columns[$0]![row]) }.joined(separator: delimiter)
    }
    return ((header.map { [$0.joined(separator: delimiter)] } ?? []) + rows)
      .joined(separator: "\n") + "\n"
  }

  private func write(_ place: Workplace, _ name: String, _ columns: String...) throws {
    try place.write(table(columns, header: columns), to: name)
  }

  /// A run called `name` on `name`.csv.
  private func train(
    _ place: Workplace, _ name: String, _ data: String, model: String = "hidden: [8]",
    loss: String = "mae", stages: String = "[train: {epochs: 40}]"
  ) throws {
    try place.write(
      """
      version: 1
      name: \(name)
      data: {csv: \(name).csv, \(data), split: {validation: 0.2}}
      model: {\(model)}
      training: {batch: 16, loss: \(loss), optimizer: {adam: {learning_rate: 0.02}}}
      stages: \(stages)
      """, to: "\(name).yaml")
    let run = try place.run("run", "\(name).yaml", "--quiet")
    try #require(run.code == 0, "\(run.errors)")
  }

  private static let scaled = "task: regression, scale: standard, scale_targets: standard"

  /// What evaluation prints behind the name of the data.
  private func measured(_ place: Workplace, _ arguments: String...) throws -> Substring {
    let outcome = try place.run(["evaluate"] + arguments)
    try #require(outcome.code == 0, "\(outcome.errors)")
    return outcome.output.drop { $0 != ":" }
  }

  /// The rows of predictions as CSV.
  private func predicted(_ place: Workplace, _ arguments: String...) throws -> [Substring] {
    let outcome = try place.run(["predict"] + arguments + ["--output", "p.csv", "--quiet"])
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try place.text("p.csv").split(separator: "\n")
  }

  @Test("columns are matched by name in any order, by a checkpoint as by its export")
  func order() throws {
    try Workplace.with { place in
      try write(place, "tr.csv", "a", "b", "y")
      try write(place, "yba.csv", "y", "b", "a")
      try write(place, "ba.csv", "b", "a")
      try train(place, "tr", "label: last, \(Self.scaled)")
      try #require(place.run("export", "tr", "--output", "tr.safetensors").code == 0)
      let own = try measured(place, "tr", "--data", "tr.csv")
      let r2 = try #require(own.firstMatch(of: /r² (-?[0-9.]+)/).flatMap { Double($0.1) })
      #expect(r2 > 0.99)
      #expect(try measured(place, "tr", "--data", "yba.csv") == own)
      let rows = try predicted(place, "tr", "--data", "tr.csv")
      #expect(rows[0] == "y" && rows.count == 61)
      #expect(try predicted(place, "tr", "--data", "ba.csv") == rows)
      #expect(try predicted(place, "tr", "--data", "yba.csv") == rows)
      // An export computes in other units, so its last digits differ.
      let exported = try predicted(place, "tr.safetensors", "--data", "yba.csv")
      #expect(exported[0] == "y")
      for (one, other) in zip(exported, rows).dropFirst() {
        #expect(abs(Double(one)! - Double(other)!) < 1e-4)
      }
      #expect(
        try measured(place, "tr.safetensors", "--data", "yba.csv")
          == measured(place, "tr.safetensors", "--data", "tr.csv"))
    }
  }

  @Test("targets in another order are matched too, and predictions are under their names")
  func targets() throws {
    try Workplace.with { place in
      try write(place, "two.csv", "a", "b", "y", "z")
      try write(place, "zyba.csv", "z", "y", "b", "a")
      try train(place, "two", "label: [z, y], \(Self.scaled)")
      #expect(
        try measured(place, "two", "--data", "two.csv")
          == measured(place, "two", "--data", "zyba.csv"))
      // However an option, or a schedule that goes on, orders them.
      let own = try measured(place, "two", "--data", "two.csv")
      #expect(
        try measured(place, "two", "--data", "two.csv", "--label", "y", "--label", "z") == own)
      let rows = try predicted(place, "two", "--data", "zyba.csv")
      #expect(rows[0] == "z,y")
      #expect(try predicted(place, "two", "--data", "two.csv") == rows)
      try write(place, "on.csv", "y", "z", "b", "a")
      try train(
        place, "on", "label: [y, z], task: regression",
        model: "start: checkpoints/two/result.safetensors", stages: "[prune: {to: 0}]")
      #expect(try predicted(place, "on", "--data", "two.csv") == rows)
      #expect(try measured(place, "on", "--data", "two.csv") == own)
    }
  }

  @Test("the label of the run is the label; an option says otherwise, and is checked")
  func label() throws {
    try Workplace.with { place in
      try write(place, "first.csv", "y", "a", "b")
      try train(place, "first", "label: y, \(Self.scaled)")
      let own = try measured(place, "first", "--data", "first.csv")
      #expect(try measured(place, "first", "--data", "first.csv", "--label", "y") == own)
      #expect(try measured(place, "first", "--data", "first.csv", "--label", "0") == own)
      let other = try place.run("evaluate", "first", "--data", "first.csv", "--label", "b")
      #expect(other.code == 65)
      #expect(other.errors.contains("\"b\""))
      let none = try place.run("evaluate", "first", "--data", "first.csv", "--label", "c")
      #expect(none.code == 65)
      #expect(none.errors.contains("there is no column \"c\""))
    }
  }

  @Test("a header of numbers is one for the model's commands too")
  func numericHeader() throws {
    try Workplace.with { place in
      try place.write(table(["a", "b", "y"], header: ["0", "1", "2"]), to: "yr.csv")
      try train(place, "yr", "label: last, header: true, \(Self.scaled)")
      #expect(try predicted(place, "yr", "--data", "yr.csv").count == 61)
      let own = try measured(place, "yr", "--data", "yr.csv")
      try place.write(table(["b", "y", "a"], header: ["1", "2", "0"]), to: "other.csv")
      #expect(try measured(place, "yr", "--data", "other.csv") == own)
    }
  }

  @Test("a table without names is taken in order, and that is said once")
  func nameless() throws {
    try Workplace.with { place in
      try write(place, "tr.csv", "a", "b", "y")
      try place.write(table(["a", "b", "y"], header: nil), to: "plain.csv")
      try place.write(table(["a", "b"], header: nil), to: "inputs.csv")
      try train(place, "tr", "label: y, \(Self.scaled)")
      let own = try measured(place, "tr", "--data", "tr.csv")
      #expect(try measured(place, "tr", "--data", "plain.csv", "--no-header") == own)
      let rows = try predicted(place, "tr", "--data", "tr.csv")
      #expect(try predicted(place, "tr", "--data", "inputs.csv", "--no-header") == rows)
      // The file itself shows it, too.
      #expect(try measured(place, "tr", "--data", "plain.csv") == own)
      #expect(try predicted(place, "tr", "--data", "plain.csv") == rows)
      for command in [["evaluate", "tr"], ["predict", "tr", "--output", "p.csv"]] {
        let outcome = try place.run(command + ["--data", "plain.csv"])
        #expect(
          outcome.errors
            == "note: plain.csv: this file has no names of columns, so they are taken in order: "
            + "columns 0 to 1 are the inputs"
            + (command[0] == "evaluate" ? ", column 2 the label" : "") + " (counted from 0)\n")
      }
    }
  }

  @Test("the delimiter of the run holds, an option says otherwise")
  func delimiter() throws {
    try Workplace.with { place in
      let names = ["a", "b", "y"]
      try place.write(table(names, header: names, delimiter: ";"), to: "semi.csv")
      try write(place, "comma.csv", "b", "a", "y")
      try train(place, "semi", "delimiter: semicolon, \(Self.scaled)")
      let own = try measured(place, "semi", "--data", "semi.csv")
      #expect(try measured(place, "semi", "--data", "comma.csv", "--delimiter", "comma") == own)
      #expect(try predicted(place, "semi", "--data", "semi.csv").count == 61)
    }
  }

  @Test(
    "levels, fills, a decimal comma and what was left out stay with a model and with its export")
  func kinds() throws {
    try Workplace.with { place in
      try place.write(
        "colour;w;id;kind\n"
          + (0..<40).map { row in
            let w = row % 8 == 5 ? "" : "\(row % 10),5"
            return "\(row % 3 == 0 ? "red" : "blue");\(w);\(row);\(row % 3 == 0 ? "x" : "y")\n"
          }.joined(), to: "mix.csv")
      try train(
        place, "mix",
        "label: kind, ignore: [id], decimal: comma, missing: mean, task: classification, "
          + "scale: standard, categorical: {one_hot: {unknown: zeros}}", loss: "cross_entropy")
      try #require(place.run("export", "mix", "--output", "mix.safetensors").code == 0)
      #expect(try measured(place, "mix", "--data", "mix.csv").hasSuffix("100.00 %\n"))
      // Other columns, order and layout; a missing value, and a level that is new.
      try place.write("w;colour\n;green\n1,5;red\n2,5;blue\n", to: "new.csv")
      try place.write("colour,w\ngreen,\nred,1.5\nblue,2.5\n", to: "other.csv")
      let rows = try predicted(place, "mix", "--data", "new.csv", "--probabilities")
      #expect(rows[0] == "kind,x,y" && rows[2].hasPrefix("x,") && rows[3].hasPrefix("y,"))
      #expect(
        try predicted(
          place, "mix", "--data", "other.csv", "--decimal", "point", "--probabilities") == rows)
      let exported = try predicted(place, "mix.safetensors", "--data", "new.csv", "--probabilities")
      for (one, other) in zip(exported, rows).dropFirst() {
        let (a, b) = (one.split(separator: ","), other.split(separator: ","))
        #expect(a[0] == b[0] && abs(Float(a[1])! - Float(b[1])!) < 1e-4)
      }
    }
  }

  @Test("a column that is missing, or new, is an error that names it")
  func columns() throws {
    try Workplace.with { place in
      try write(place, "tr.csv", "a", "b", "y")
      try write(place, "short.csv", "a", "y")
      try write(place, "long.csv", "a", "b", "z", "y")
      try train(place, "tr", "label: last, \(Self.scaled)")
      for command in [["evaluate", "tr"], ["predict", "tr", "--output", "p.csv"]] {
        let short = try place.run(command + ["--data", "short.csv"])
        #expect(short.code == 65)
        #expect(short.errors.contains("\"b\""), "\(short.errors)")
        let long = try place.run(command + ["--data", "long.csv"])
        #expect(long.code == 65)
        #expect(long.errors.contains("\"z\""), "\(long.errors)")
        #expect(long.errors.contains("--ignore"), "\(long.errors)")
      }
      #expect(!place.names(in: ".").contains("p.csv"))
      #expect(
        try predicted(place, "tr", "--data", "long.csv", "--ignore", "z")
          == predicted(place, "tr", "--data", "tr.csv"))
    }
  }

  @Test("a run that starts from a model takes the columns in the model's order")
  func started() throws {
    try Workplace.with { place in
      try write(place, "tr.csv", "a", "b", "y")
      try write(place, "again.csv", "b", "y", "a")
      try train(place, "tr", "label: y, \(Self.scaled)")
      try train(
        place, "again", "label: y, task: regression",
        model: "start: checkpoints/tr/result.safetensors", stages: "[prune: {to: 0.1}]")
      #expect(
        try predicted(place, "again", "--data", "again.csv")
          == predicted(place, "again", "--data", "tr.csv"))
      let r2 = try #require(
        measured(place, "again", "--data", "tr.csv").firstMatch(of: /r² (-?[0-9.]+)/)
          .flatMap { Double($0.1) })
      #expect(r2 > 0.9)
      try write(place, "less.csv", "a", "y")
      try place.write(
        try place.text("again.yaml").replacing("again", with: "less"), to: "less.yaml")
      let less = try place.run("plan", "less.yaml")
      #expect(less.code == 65)
      #expect(less.errors.contains("\"b\""), "\(less.errors)")
    }
  }

  @Test("prune scores on the model's columns, whatever order they stand in")
  func pruned() throws {
    try Workplace.with { place in
      try write(place, "tr.csv", "a", "b", "y")
      try write(place, "ab.csv", "a", "b")
      try write(place, "ba.csv", "b", "a")
      try train(place, "tr", "label: y, \(Self.scaled)")
      try write(place, "yba.csv", "y", "b", "a")
      for name in ["ab", "ba", "tr", "yba"] {
        let outcome = try place.run(
          "prune", "tr", "--data", "\(name).csv", "--to", "0.5", "--output", "\(name).safetensors")
        #expect(outcome.code == 0, "\(outcome.errors)")
      }
      #expect(try place.bytes("ab.safetensors") == place.bytes("ba.safetensors"))
      // With its labels in the table as without.
      #expect(try place.bytes("tr.safetensors") == place.bytes("yba.safetensors"))
      // And its output knows as much as the model did.
      #expect(
        try measured(place, "ab.safetensors", "--data", "tr.csv")
          == measured(place, "ab.safetensors", "--data", "tr.csv", "--label", "y"))
    }
  }
}
