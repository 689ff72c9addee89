import Foundation
import Testing

@Suite("What commands measure")
struct MeasuresTests {
  private static func schedule(_ loss: String, label: String = "last", task: String) -> String {
    """
    version: 1
    name: m
    seed: 1
    data: {csv: m.csv, label: \(label), task: \(task), scale: standard}
    model: {hidden: [6]}
    training: {batch: 10, \(loss), optimizer: {adam: {learning_rate: 0.02}}}
    stages: [train: {epochs: 20}]
    """
  }

  @Test(
    "the loss is the run's, in its stages, on a part of its data and on the same rows as other data",
    arguments: [
      ("loss: mae", "mae", "regression, scale_targets: standard"),
      ("loss: {huber: {delta: 0.1}}", "huber", "regression, scale_targets: unit"),
      ("loss: cross_entropy, label_smoothing: 0.2", "cross_entropy", "classification"),
    ])
  func loss(setting: String, name: String, task: String) throws {
    try Workplace.with { place in
      let isClasses = task == "classification"
      try place.write(isClasses ? SmallRun.flowers() : SmallRun.curve(), to: "m.csv")
      try place.write(
        Self.schedule(setting, label: isClasses ? "last" : "[2, 3]", task: task), to: "m.yaml")
      let run = try place.run("run", "m.yaml", "--json")
      try #require(run.code == 0, "\(run.errors)")
      let status = try JSONText(run.output)
      #expect(status.object["loss"] as? String == name)
      let recorded = try status.objects("stages")[0]["metrics"] as? [String: [String: Any]]
      let expected = try #require(recorded?["train"]?["loss"] as? Double)
      for words in [["--part", "train"], ["--data", "m.csv"]] {
        let outcome = try place.run(["evaluate", "m", "--json"] + words)
        // A file of its own training is warned of.
        let isWarned = outcome.errors.hasPrefix("warning: m.csv: the network was trained on")
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(isWarned ? words[0] == "--data" : outcome.errors.isEmpty, "\(outcome.errors)")
        let json = try JSONText(outcome.output)
        #expect(json.object["loss"] as? String == name)
        let metrics = (json.object["metrics"] as? [String: [String: Any]])?.values.first
        #expect(abs(try #require(metrics?["loss"] as? Double) / expected - 1) < 1e-6)
      }
      #expect(try place.run("status", "m").output.contains("  loss (\(name))  "))
      #expect(try place.run("show", "m").output.contains("train: loss (\(name)) "))
      #expect(
        try place.run("evaluate", "m", "--part", "train").output.hasPrefix("train: loss (\(name)) ")
      )
    }
  }

  @Test("several targets have nrmse and r² in common, and rmse, mae and r² each")
  func targets() throws {
    try Workplace.with { place in
      try place.write("a,b,price,weight\n" + SmallRun.curve(), to: "m.csv")
      try place.write(
        Self.schedule(
          "loss: mse", label: "[price, weight]", task: "regression, scale_targets: standard"),
        to: "m.yaml")
      let run = try place.run("run", "m.yaml")
      try #require(run.code == 0, "\(run.errors)")
      #expect(!run.output.contains("accuracy"))
      #expect(
        run.output.contains(" nrmse ")
          && run.output.contains("; of train, train part:\n  price: rmse "))
      #expect(run.output.contains("\n  weight: rmse "))
      let outcome = try place.run("evaluate", "m", "--part", "train", "--json")
      let metrics = try #require(
        (JSONText(outcome.output).object["metrics"] as? [String: [String: Any]])?["train"])
      let own = try #require(metrics["targets"] as? [[String: Any]])
      #expect(own.map { $0["name"] as? String } == ["price", "weight"])
      #expect(metrics["rmse"] == nil && metrics["mae"] == nil)
      let values = own.compactMap { $0["r2"] as? Double }
      let mean = try #require(metrics["r2"] as? Double)
      #expect(values.count == 2 && abs(values.reduce(0, +) / 2 - mean) < 1e-9)
      let error = try #require(metrics["nrmse"] as? Double)
      #expect(abs(error * error - (1 - mean)) < 1e-9)
      #expect(try place.run("list").output.contains("nrmse"))
      let text = try place.run("evaluate", "m", "--part", "train").output
      #expect(text.contains("(over 2 targets)\n  price: rmse "))
    }
  }

  @Test("a model that does not say its loss is measured by a usual one, and that is said")
  func assumed() throws {
    try Workplace.with { place in
      try place.write(SmallRun.curve(), to: "m.csv")
      try place.write(Arrays.npy([[1, 2], [3, 4]]), to: "x.npy")
      try place.write(Arrays.npy([[1], [2.5]]), to: "y.npy")
      let network = SafetensorsFile.linear(inputs: 2)
      try place.write(network, to: "net.safetensors")
      let outcome = try place.run(
        "evaluate", "net.safetensors", "--data", "x.npy", "--labels", "y.npy")
      #expect(outcome.code == 0)
      #expect(
        outcome.errors
          == "note: net.safetensors does not say what it was trained for; the loss is taken for mse\n"
      )
      #expect(outcome.output.hasPrefix("x.npy: loss (mse) "))
    }
  }
}

/// A state dict of one linear layer, byte by byte.
private enum SafetensorsFile {
  static func linear(inputs: Int) -> Data {
    var header =
      #"{"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[\#(4 * inputs),\#(4 * inputs + 4)]},"#
      + #""0.weight":{"dtype":"F32","shape":[1,\#(inputs)],"data_offsets":[0,\#(4 * inputs)]}}"#
    while header.utf8.count % 8 != 0 { header += " " }
    var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
    bytes += Data(header.utf8)
    for value in Array(repeating: Float(1), count: inputs) + [0] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}
