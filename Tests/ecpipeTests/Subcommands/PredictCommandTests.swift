import Foundation
import Testing

@Suite("ecpipe predict and ecpipe export")
struct PredictCommandTests {
  /// The largest distance of single precision with a few hundred additions from double, for outputs of
  /// order one to ten.
  private static let tolerance = 1e-4

  @Test("predict computes what the exported file does, on raw inputs")
  func classifier() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      let inputs = SmallRun.flowerInputs()
      try place.write(Arrays.npy(inputs), to: "x.npy")
      let predict = try place.run(
        "predict", "small", "--data", "x.npy", "--output", "y.npy")
      #expect(predict.code == 0)
      #expect(predict.output == "y.npy: 60 rows of 3 outputs\n")
      let export = try place.run(
        "export", "small", "--no-shrink", "--output", "small.safetensors")
      #expect(export.code == 0)
      let bytes = try place.bytes("small.safetensors")
      let said = "small.safetensors: \(bytes.count) bytes\n"
      #expect(export.output.filter { $0 != "," }.hasPrefix(said))

      let network = try ExportedNetwork(safetensors: bytes)
      #expect(network.weightsLeft == 43)
      let outputs = try Arrays.rows(npy: place.bytes("y.npy"))
      #expect(outputs.count == inputs.count)
      for (row, found) in zip(inputs, outputs) {
        let expected = network.outputs(for: row, activation: { tanh($0) })
        for (value, other) in zip(found, expected) {
          #expect(abs(Double(value) - other) < Self.tolerance)
        }
      }
    }
  }

  @Test("values of a regression come in original units, from the file as from predict")
  func regression() throws {
    try Workplace.with { place in
      try place.write(SmallRun.curve(), to: "curve.csv")
      try place.write(
        """
        version: 1
        name: curve
        data: {csv: curve.csv, label: [2, 3], task: regression, scale: unit, scale_targets: standard}
        model: {hidden: [6], activation: relu}
        training: {batch: 10, optimizer: {adam: {learning_rate: 0.02}}}
        stages:
          - train: {epochs: 40}
          - prune: {to: 0.25, metric: output}
        """, to: "curve.yaml")
      try #require(place.run("run", "curve.yaml").code == 0)
      try #require(
        place.run(
          "predict", "curve", "--data", "curve.csv", "--ignore", "2", "--ignore", "last",
          "--output", "y.npy"
        ).code == 0)
      try #require(place.run("export", "curve", "--output", "curve.safetensors").code == 0)
      let network = try ExportedNetwork(safetensors: place.bytes("curve.safetensors"))
      let rows = SmallRun.curve().split(separator: "\n").map { line in
        line.split(separator: ",").map { Float($0)! }
      }
      // Original units need the digits of float64.
      let outputs = try Arrays.doubles(npy: place.bytes("y.npy"))
      #expect(outputs.count == rows.count)
      var squares = 0.0
      for (row, found) in zip(rows, outputs) {
        let expected = network.outputs(for: Array(row[..<2]), activation: { max(0, $0) })
        for (value, other) in zip(found, expected) {
          #expect(abs(value - other) < 100 * Self.tolerance)
        }
        let error = found[0] - Double(row[2])
        squares += error * error
      }
      // Targets lie around 100: a network that knows their units is near them.
      #expect((squares / Double(rows.count)).squareRoot() < 20)
      let refused = try place.run(
        "predict", "curve", "--data", "curve.csv", "--ignore", "2", "--ignore", "3",
        "--output", "p.npy", "--probabilities")
      #expect(refused.code == 64)
      #expect(refused.errors.contains("no class probabilities"))
      #expect(!place.names(in: ".").contains("p.npy"))
    }
  }

  @Test("a CSV without its ignored columns is the same as the array; probabilities sum to 1")
  func tableAndProbabilities() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      try place.write(Arrays.npy(SmallRun.flowerInputs()), to: "x.npy")
      let ways = [
        ["--data", "x.npy"], ["--data", "flowers.csv", "--ignore", "kind"],
        ["--data", "flowers.csv", "--ignore", "last"], ["--data", "flowers.csv", "--ignore", "4"],
      ]
      var files: [Data] = []
      for way in ways {
        let outcome = try place.run(["predict", "small", "--output", "y.npy"] + way)
        #expect(outcome.code == 0, "\(outcome.errors)")
        files.append(try place.bytes("y.npy"))
      }
      #expect(files.dropFirst().allSatisfy { $0 == files[1] })
      // The array has the table's numbers as float32.
      for (row, other) in try zip(Arrays.rows(npy: files[0]), Arrays.rows(npy: files[1])) {
        for (value, found) in zip(row, other) {
          #expect(abs(value - found) < Float(Self.tolerance))
        }
      }

      try #require(
        place.run(
          "predict", "small", "--data", "x.npy", "--output", "p.npy", "--probabilities"
        ).code == 0)
      let logits = try Arrays.rows(npy: files[0])
      let shares = try Arrays.rows(npy: place.bytes("p.npy"))
      #expect(shares.count == logits.count)
      for (row, probabilities) in zip(logits, shares) {
        #expect(abs(probabilities.map(Double.init).reduce(0, +) - 1) < 1e-6)
        let exponentials = row.map { exp(Double($0)) }
        for (value, share) in zip(exponentials, probabilities) {
          #expect(abs(value / exponentials.reduce(0, +) - Double(share)) < 1e-6)
        }
      }
    }
  }

  @Test("tables with other delimiters and without names are read as the options say")
  func tableOptions() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let table = SmallRun.flowers()
      let body = table[table.index(after: table.firstIndex(of: "\n")!)...]
      try place.write(table.replacing(",", with: ";"), to: "semicolons.csv")
      try place.write(String(body).replacing(",", with: "\t"), to: "tabs.csv")
      let ways = [
        ["--data", "flowers.csv"], ["--data", "semicolons.csv", "--delimiter", "semicolon"],
        ["--data", "tabs.csv", "--delimiter", "tab", "--no-header"],
      ]
      var results: [[Data]] = []
      for way in ways {
        let predict = try place.run(
          ["predict", "small", "--ignore", "last", "--output", "y.npy"] + way)
        #expect(predict.code == 0, "\(predict.errors)")
        let evaluate = try place.run(["evaluate", "small", "--label", "last"] + way)
        #expect(evaluate.code == 0, "\(evaluate.errors)")
        let measured = evaluate.output.drop { $0 != ":" }
        results.append([try place.bytes("y.npy"), Data(measured.utf8)])
      }
      #expect(results.allSatisfy { $0 == results[0] })
      let wrong = try place.run(
        "evaluate", "small", "--data", "flowers.csv", "--delimiter", "colon")
      #expect(wrong.code == 64)
      #expect(wrong.errors.hasPrefix("ecpipe: --delimiter colon: allowed are comma, semicolon, "))
    }
  }

  @Test("--json says what was written, --quiet nothing")
  func forms() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let data = ["--data", "flowers.csv", "--ignore", "kind", "--output", "y.npy"]
      let predict = try JSONText(place.run(["predict", "small", "--json"] + data).output)
      #expect(predict.names == ["format", "output", "outputs", "rows"])
      #expect(predict.object["rows"] as? Int == 60 && predict.object["outputs"] as? Int == 3)
      let export = try JSONText(
        place.run("export", "small", "--json", "--output", "m.safetensors").output)
      #expect(
        export.names == ["bytes", "format", "inputs", "output", "outputs", "shrinking", "sizes"])
      #expect(try place.run(["predict", "small", "--quiet"] + data).output == "")
      #expect(
        try place.run("export", "small", "--quiet", "--output", "m.safetensors").output == "")
    }
  }

  @Test(
    "inputs that do not fit and outputs that cannot be written: one message, nothing changed",
    arguments: [
      (["--data", "colours.csv", "--output", "y.npy"], 65, "--ignore"),
      (["--data", "flowers.csv", "--ignore", "knd", "--output", "y.npy"], 65, "\"kind\"?"),
      (
        ["--data", "flowers.csv", "--ignore", "kind", "--ignore", "0", "--output", "y.npy"], 65,
        "\"sepal length\""
      ),
      (["--data", "none.csv", "--output", "y.npy"], 66, "none.csv: "),
      (
        ["--data", "flowers.csv", "--ignore", "kind", "--output", "no/y.npy"], 66,
        "no: no such file; make the folder"
      ),
      (
        ["--data", "flowers.csv", "--ignore", "kind", "--output", "checkpoints"], 64,
        "this is a folder"
      ),
      (["--data", "x.npy", "--output", "x.npy"], 64, "this file is read here"),
    ])
  func refused(arguments: [String], code: Int32, fragment: String) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try place.write(Arrays.npy(SmallRun.flowerInputs()), to: "x.npy")
      try place.write(
        SmallRun.flowers().replacing(",kind\n", with: ",colour\n"), to: "colours.csv")
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let before = place.snapshot()
      let outcome = try place.run(["predict", "small"] + arguments)
      #expect(outcome.code == code)
      #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(place.snapshot() == before)
    }
  }

  @Test("an archive of which an entry is read is not written over")
  func archive() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml").code == 0)
      try place.write("PK", to: "d.npz")
      let refused = try place.run(
        "predict", "small", "--data", "d.npz:X", "--output", "d.npz")
      #expect(refused.code == 64 && refused.errors.contains("d.npz: this file is read here"))
      #expect(try place.text("d.npz") == "PK")
    }
  }
}
