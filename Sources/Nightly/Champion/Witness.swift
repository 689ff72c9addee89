import NeuralNetworks
import NumericCore
import Runs
import Storage

/// `witness.json` in a night's folder: a few rows of the part that it was judged by, as the network takes
/// them, and what it made of them, so that whoever puts it into service can see that it still does.
package struct Witness: Sendable, Equatable {
  package static let file = "witness.json"
  /// The most rows.
  static let most = 16
  /// How far outputs may be apart, of the largest, on another machine.
  static let tolerance = 1e-4

  /// [rows][inputs] and [rows][outputs].
  let inputs: [[Float]]
  let outputs: [[Float]]

  /// What `network` makes of the first rows of `samples`.
  init(_ network: Network, on samples: SampleSet, pool: WorkerPool) {
    inputs = samples.indices.prefix(Self.most).map { row in
      (0..<samples.inputs.columns).map { samples.inputs[Int(row), $0] }
    }
    outputs = Self.outputs(of: network, for: inputs, pool: pool)
  }

  /// - Throws: `StoreError`.
  func write(to night: RunFolder) throws(StoreError) {
    func rows(_ rows: [[Float]]) -> JSONValue {
      .array(rows.map { .array($0.map { JSONValue(Double($0)) }) })
    }
    let json: JSONValue = ["format": 1, "inputs": rows(inputs), "outputs": rows(outputs)]
    try DurableFile.write(Array((json.canonical + "\n").utf8), to: night.file(Self.file))
  }

  /// Reads the witness of `night`; nil where there is none that can be read.
  init?(in night: RunFolder) {
    guard let bytes = try? FilePaths.readIfThere(night.file(Self.file), limit: 64 << 20),
      let json = try? JSONValue(parsing: bytes), json["format"]?.intValue == 1,
      let inputs = Self.rows(json["inputs"]), let outputs = Self.rows(json["outputs"]),
      !inputs.isEmpty, inputs.count == outputs.count
    else { return nil }
    self.inputs = inputs
    self.outputs = outputs
  }

  /// Why `network` is not the one that the witness saw; nil where it makes the same of the rows.
  func objection(to network: Network, pool: WorkerPool) -> String? {
    guard inputs.allSatisfy({ $0.count == network.inputs }),
      outputs.allSatisfy({ $0.count == network.outputs })
    else { return "it has other inputs or outputs than when it was judged" }
    let now = Self.outputs(of: network, for: inputs, pool: pool)
    let largest = outputs.joined().reduce(0) { max($0, abs($1)) }
    for (row, pair) in zip(outputs, now).enumerated() {
      for (was, now) in zip(pair.0, pair.1)
      where !(Double(abs(was - now)) <= Self.tolerance * Double(largest)) {
        return "it makes \(now) of recorded row \(row + 1), where it made \(was) when it was judged"
      }
    }
    return nil
  }

  private static func outputs(
    of network: Network, for rows: [[Float]], pool: WorkerPool
  ) -> [[Float]] {
    var inputs = Matrix(rows: rows.count, columns: network.inputs)
    for (row, values) in rows.enumerated() {
      for (column, value) in values.enumerated() { inputs[row, column] = value }
    }
    let outputs = Predictor(network, pool: pool).outputs(for: inputs)
    return (0..<outputs.rows).map { row in (0..<outputs.columns).map { outputs[row, $0] } }
  }

  private static func rows(_ json: JSONValue?) -> [[Float]]? {
    json?.arrayValue?.compactMap { row in
      row.arrayValue?.compactMap { $0.doubleValue.map { Float($0) } }
    }
  }
}
