import Testing

@Suite("Labels that cannot be read are wrong, and do not make the others count for nothing")
struct UnreadLabelsTests {
  /// A trained network, its table, and the table with another label in its third line.
  private func with(_ label: String, _ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train", "--quiet").code == 0)
      var lines = SmallRun.flowers().split(separator: "\n").map(String.init)
      let cells = lines[2].split(separator: ",").dropLast()
      lines[2] = (cells + [Substring(label)]).joined(separator: ",")
      try place.write(lines.joined(separator: "\n") + "\n", to: "bad.csv")
      try body(place)
    }
  }

  private static let prune = ["prune", "small", "--to", "0.5", "--output", "o.npz"]
  private static let quantize = ["export", "small", "--output", "o.c", "--int8"]

  @Test(
    "prune and export --int8 name the line, as evaluate does", arguments: ["", "zzz", "Setosa"])
  func refused(label: String) throws {
    try with(label) { place in
      let evaluate = try place.run("evaluate", "small", "--data", "bad.csv")
      #expect(evaluate.code == 65 && evaluate.errors.contains("bad.csv, line 3"))
      for command in [
        Self.prune + ["--data", "bad.csv"],
        Self.prune + ["--data", "flowers.csv", "--test", "bad.csv"],
        Self.quantize + ["--data", "flowers.csv", "--test", "bad.csv"],
      ] {
        let outcome = try place.run(command)
        #expect(outcome.code == 65, "\(command): \(outcome.output)")
        #expect(outcome.errors.contains("bad.csv, line 3"), "\(outcome.errors)")
      }
      #expect(!place.names(in: ".").contains { $0.hasPrefix("o.") })
    }
  }

  @Test("a table without the label's column has none, and none are wanted with --label none")
  func none() throws {
    try with("") { place in
      let rows = SmallRun.flowers().split(separator: "\n").map { line in
        line.split(separator: ",").dropLast().joined(separator: ",") + "\n"
      }
      try place.write(rows.joined(), to: "inputs.csv")
      for options in [
        ["--data", "inputs.csv"], ["--data", "bad.csv", "--label", "none"],
        ["--data", "bad.csv", "--ignore", "kind"],
      ] {
        let outcome = try place.run(Self.prune + options)
        #expect(outcome.code == 0, "\(options): \(outcome.errors)")
        #expect(outcome.output.contains("against the answers before:\n"), "\(options)")
      }
      let labelled = try place.run(Self.prune + ["--data", "flowers.csv"])
      #expect(!labelled.output.contains("against the answers before"))
    }
  }
}
