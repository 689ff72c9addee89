import Foundation
import ModelFiles
import TestSupport

/// Networks as somebody brings them.
enum OwnNetwork {
  /// Tensors in a safetensors file, in the order given.
  static func file(_ tensors: [(name: String, shape: [Int], values: [Float])]) throws -> Data {
    let header = try SafetensorsHeader(
      placing: tensors.map { ($0.name, .f32, $0.shape) }, metadata: ["format": "pt"])
    return Data(header.bytes + tensors.flatMap { TensorValues.bytes($0.values) })
  }

  /// A 2-3-3 network whose outputs stand for zebra (1 − a), ant (a + b − 3) and mole (1 − b), for inputs that are not
  /// negative; the hidden layer hands the inputs on.
  static func animals() throws -> Data {
    try file([
      ("fc1.weight", [3, 2], [1, 0, 0, 1, 0.25, 0.25]), ("fc1.bias", [3], [0, 0, 0]),
      ("fc2.weight", [3, 3], [-1, 0, 0, 1, 1, 0, 0, -1, 0]), ("fc2.bias", [3], [1, -3, 1]),
    ])
  }

  /// Rows of two inputs and the animal that they are, `rows` of each.
  static func animalTable(rows: Int = 8) -> String {
    var lines = ["a,b,animal"]
    for row in 0..<rows {
      let small = 0.1 + 0.02 * Double(row)
      lines += ["\(small),2,zebra", "2.5,\(2 + small),ant", "2,\(small),mole"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes the digits and the three networks that PyTorch has trained on them.
  static func writeDigits(to place: Workplace) throws {
    let pipelines = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../pipelines/data/digits.csv.gz")
    try place.write(Data(contentsOf: pipelines), to: "digits.csv.gz")
    for seed in 0..<3 {
      try place.write(
        Data(contentsOf: GoldenFile.url("own/digits-\(seed).safetensors")),
        to: "digits-\(seed).safetensors")
    }
  }

  /// What PyTorch makes of them; see `make_own_networks.py`.
  struct Golden: Decodable {
    struct Network: Decodable {
      let accuracy: Double
      let loss: Double
    }
    let networks: [String: Network]
  }
}
