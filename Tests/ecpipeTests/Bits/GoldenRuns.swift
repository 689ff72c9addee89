import Foundation
import NeuralNetworks
import NumericCore
import Runs
import Storage
import TestSupport
import Testing

/// The schedules of `Golden/schedules`, their data, and what a processor makes of them.
enum GoldenRuns {
  private static let folder = GoldenBits.folder + "/schedules"

  /// The schedules' texts by their names.
  static func schedules() throws -> [String: String] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return Dictionary(
      uniqueKeysWithValues: try names.map { name in
        let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return (String(name.dropLast(".yaml".count)), text)
      })
  }

  /// Classes, two values, two values in [0, 1], and inputs alone. No function of a library takes part,
  /// so they are the same everywhere.
  private static let data = [
    "classes.csv": table { row, _ in ["class\(row % 3)"] },
    "wide.csv": table(inputs: 37) { row, _ in ["class\(row % 3)"] },
    "many.csv": table(rows: 264) { row, _ in ["class\(row % 66)"] },
    "values.csv": table { ["\(100 + 20 * $1[0] * $1[1])", "\(3 * $1[0] - $1[2])"] },
    "shares.csv": table { [$1[0] > $1[1] ? "1" : "0", "\(min(1, $1[2] * $1[2]))"] },
    "samples.csv": table(rows: 40, inputs: 37) { _, _ in [] },
    "sample.csv": table(rows: 1, inputs: 37) { _, _ in [] },
  ]

  private static func table(
    rows: Int = 90, inputs: Int = 9, _ targets: (Int, [Float]) -> [String]
  ) -> String {
    var generator = SeededGenerator(seed: 23)
    let lines = (0..<rows).map { row in
      var values = generator.floats(inputs, bound: 1.5)
      values[row % 3] += 1.25
      return values.map { "\($0)" } + targets(row, values)
    }
    let names = (0..<lines[0].count).map {
      $0 < inputs ? "x\($0)" : "yz".map(String.init)[$0 - inputs]
    }
    return ([names] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  /// What kernels of `set`, which this processor has, make of all schedules.
  static func table(of set: InstructionSet) throws -> GoldenBits.Table {
    try Workplace.with("ecpipe-bits") { place in
      for (name, text) in data { try place.write(text, to: name) }
      var seen: [String: String] = [:]
      var runs: [String: GoldenBits.Run] = [:]
      for (name, schedule) in try schedules() {
        try place.write(schedule, to: name + ".yaml")
        func call(_ words: String...) throws {
          let outcome = try place.run(words + ["--threads", "1"], environment: set.environment)
          try #require(outcome.code == 0, "\(words): \(outcome.errors)")
        }
        try call("run", name + ".yaml")
        let folder = RunFolder(checkpoints: place.file("checkpoints"), name: name)
        let inputs = data.filter { schedule.contains($0.key) }.values.sorted()
        var results = try stages(in: folder, &seen)
        // Kernels of single samples have no part in a checkpoint.
        for table in ["samples.csv", "sample.csv"] where schedule.contains(table) {
          try call("predict", name, "--data", table, "--output", "y.npy")
          results["predict " + table] = short(Array(try place.bytes("y.npy")))
        }
        runs[name] = GoldenBits.Run(
          inputs: short(Array(([schedule] + inputs).joined().utf8)), results: results)
      }
      #expect(seen["features"] == set.features.joined(separator: " "))
      return GoldenBits.Table(processor: seen, runs: runs)
    }
  }

  /// The first 16 digits of a SHA-256.
  private static func short(_ bytes: [UInt8]) -> String {
    String(Digest.sha256(bytes).prefix(16))
  }

  /// The digests of the models in a run's folder, with their metrics; `processor` becomes what their
  /// fingerprints say.
  private static func stages(
    in folder: RunFolder, _ processor: inout [String: String]
  ) throws -> [String: String] {
    let manifest = try #require(try CheckpointStore.manifest(of: folder))
    var stages: [String: String] = [:]
    for record in manifest.stages {
      guard let file = record.file else { continue }
      let contents = try StoredCheckpoint.contents(of: folder.file(file))
      stages[String(file.dropLast("-01234567.safetensors".count))] =
        short(contents.state.bits + record.metrics.flatMap(\.metrics.bits))
      // The second-level cache matters to larger products than these, the rest of it to no bits.
      for name in ["features", "blas_core", "blas_build", "math_library"] {
        let value = contents.fingerprint[name] ?? .null
        processor[name] =
          value.stringValue ?? value.arrayValue?.map { $0.stringValue ?? "" }.joined(separator: " ")
      }
    }
    return stages
  }
}

extension Metrics {
  fileprivate var bits: [UInt8] {
    // The means over the targets were what the digests were made of.
    func mean(_ value: (Target) -> Double) -> Double? {
      targets.isEmpty ? nil : targets.map(value).reduce(0, +) / Double(targets.count)
    }
    return [loss, accuracy, mean(\.rmse), mean(\.mae), r2].flatMap { value in
      withUnsafeBytes(of: (value ?? 0).bitPattern) { Array($0) }
    }
  }
}

extension ModelState {
  /// All its numbers and masks, however they are stored.
  fileprivate var bits: [UInt8] {
    var bytes: [UInt8] = []
    func add<Number>(_ values: [Number]) {
      add(values.count)
      values.withUnsafeBytes { bytes += $0 }
    }
    func add(_ number: Int) { withUnsafeBytes(of: number) { bytes += $0 } }
    for layer in network.layers {
      add(layer.outputs)
      add(layer.weights.elements)
      add(layer.bias)
      add([layer.slope])
      bytes += layer.mask.map { [1] + $0.bytes } ?? [0]
    }
    if let optimizer {
      add(optimizer.steps)
      for moments in optimizer.first + optimizer.second {
        add(moments.weights.elements)
        add(moments.bias)
        add([moments.slope])
      }
    }
    for scaling in [inputScaling, targetScaling].compactMap(\.self) {
      add(scaling.shift)
      add(scaling.scale)
    }
    return bytes
  }
}
