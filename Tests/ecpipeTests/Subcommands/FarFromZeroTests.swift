import Foundation
import Testing

/// Values of which float32 holds the first digits alone, such as seconds since 1970.
@Suite("Values far from 0")
struct FarFromZeroTests {
  /// t is the row, y falls on a line of it; both with a constant added.
  private static func table(_ t: Int = 0, _ y: Int = 0) -> String {
    "t,y\n" + (0..<100).map { "\($0 + t),\($0 + y)\n" }.joined()
  }

  private static func write(
    _ name: String, _ table: String, settings: String, to place: Workplace
  ) throws {
    try place.write(table, to: "\(name).csv")
    try place.write(
      """
      version: 1
      name: \(name)
      seed: 1
      data: {csv: \(name).csv, label: y, task: regression, split: {validation: 0.2}\(settings)}
      model: {hidden: [16], initialization: he_normal}
      training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
      stages: [train: {epochs: 100}]
      """, to: "\(name).yaml")
  }

  /// Roundings of a mean of 1e9 in float64, 100 epochs later: parts of r², and of targets up to 100.
  private static let tolerance = 1e-5

  /// r² on the validation part, the loss there, and predictions for all rows.
  private static func outcome(_ name: String, in place: Workplace) throws -> (
    r2: Double, loss: Double, predictions: [Double]
  ) {
    let run = try place.run("run", "\(name).yaml", "--json")
    #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
    let metrics = try JSONText(run.output).objects("stages")[0]["metrics"] as? [String: Any]
    let validation = try #require(metrics?["validation"] as? [String: Any])
    let predict = try place.run(
      "predict", name, "--data", "\(name).csv", "--ignore", "y", "--output", "p.csv")
    try #require(predict.code == 0, "\(predict.errors)")
    return (
      try #require(validation["r2"] as? Double), try #require(validation["loss"] as? Double),
      try place.text("p.csv").split(separator: "\n").dropFirst().map { try #require(Double($0)) }
    )
  }

  @Test("inputs are the same as without the constant, when they are scaled")
  func inputs() throws {
    try Workplace.with { place in
      let settings = ", scale: standard, scale_targets: standard"
      try Self.write("t0", Self.table(), settings: settings, to: place)
      try Self.write("ts", Self.table(1_700_000_000), settings: settings, to: place)
      let (near, far) = (try Self.outcome("t0", in: place), try Self.outcome("ts", in: place))
      #expect(near.r2 > 0.9999 && abs(far.r2 - near.r2) < Self.tolerance)
      #expect(abs(far.loss - near.loss) < Self.tolerance)
      for (one, other) in zip(near.predictions, far.predictions) {
        #expect(abs(other - one) < 100 * Self.tolerance)
      }
    }
  }

  @Test(
    "targets are, and so are predictions, metrics on other data and an exported network's warning")
  func targets() throws {
    try Workplace.with { place in
      let settings = ", scale: standard, scale_targets: standard"
      try Self.write("y0", Self.table(), settings: settings, to: place)
      try Self.write("ys", Self.table(0, 1_000_000_000), settings: settings, to: place)
      let (near, far) = (try Self.outcome("y0", in: place), try Self.outcome("ys", in: place))
      #expect(near.r2 > 0.9999 && abs(far.r2 - near.r2) < Self.tolerance)
      for (one, other) in zip(near.predictions, far.predictions) {
        #expect(abs(other - 1e9 - one) < 100 * Self.tolerance)
      }
      let evaluate = try place.run("evaluate", "ys", "--data", "ys.csv", "--label", "y", "--json")
      let measured = try JSONText(evaluate.output).object["metrics"] as? [String: [String: Any]]
      #expect(try #require(measured?["ys.csv"]?["r2"] as? Double) > 0.9999)
      try #require(
        place.run("predict", "ys", "--data", "ys.csv", "--ignore", "y", "--output", "p.npy").code
          == 0)
      #expect(
        try Arrays.doubles(npy: place.bytes("p.npy")).map { $0[0] } == far.predictions)
      let export = try place.run("export", "ys", "--output", "ys.safetensors")
      #expect(export.code == 0)
      #expect(
        export.errors.hasPrefix(
          "warning: target y: float32 in raw units is too coarse for values about 1."))
      #expect(try place.run("export", "y0", "--output", "y0.safetensors").errors.isEmpty)
    }
  }

  @Test("a model without scaling is measured by the targets as they are, in float64")
  func exactTargets() throws {
    try Workplace.with { place in
      try place.write(
        OwnNetwork.file([("0.weight", [1, 1], [1000]), ("0.bias", [1], [1e12])]),
        to: "net.safetensors")
      let rows = (0..<80).map { "\(Double($0) / 80),\(1_000_000_000_000 + $0)\n" }
      try place.write("x,y\n" + rows.joined(), to: "far.csv")
      let outcome = try place.run("evaluate", "net.safetensors", "--data", "far.csv", "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      let metrics = try JSONText(outcome.output).object["metrics"] as? [String: [String: Any]]
      let measured = try #require(metrics?["far.csv"])
      // NumPy 2: out = (float32(x) * 1000 + float32(1e12)) in float32, against 1e12 + i in float64.
      for (name, expected) in [
        ("loss", 17_102_893.5), ("rmse", 4135.564471749896), ("mae", 4135.5),
        ("r2", -32071.936708860758),
      ] {
        let value = try #require(measured[name] as? Double)
        #expect(abs(value / expected - 1) < 1e-12, "\(name)")
      }
    }
  }

  @Test("unscaled columns that lose values are named once by every command that reads them")
  func unscaled() throws {
    try Workplace.with { place in
      try Self.write("u", Self.table(1_700_000_000), settings: "", to: place)
      let warning =
        "warning: u.csv, column \"t\": of 100 distinct values, float32 tells 2 apart; scale them "
        + "(scale: standard), or subtract a constant\n"
      #expect(
        try place.run("validate", "u.yaml").output.contains(
          warning.replacing("warning: ", with: "note: ")))
      for words in [
        ["plan", "u.yaml"], ["run", "u.yaml"], ["run", "u.yaml"],
      ] {
        let outcome = try place.run(words + ["--quiet"])
        #expect(outcome.code == 0 && outcome.errors == warning, "\(words)")
      }
      for words in [
        ["evaluate", "u", "--data", "u.csv", "--label", "y"],
        ["predict", "u", "--data", "u.csv", "--ignore", "y", "--output", "p.csv"],
      ] { #expect(try place.run(words).errors.hasPrefix(warning), "\(words)") }
    }
  }
}
