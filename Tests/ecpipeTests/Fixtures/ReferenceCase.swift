import Foundation
import ModelFiles
import RunFixtures
import TestSupport

/// A reference case of elimination-compensation, as the files that a person would have: the network
/// as a state dict, the inputs as an array.
///
/// The numbers are those in `Tests/PruningTests/Golden`, made there by automatic differentiation.
struct ReferenceCase {
  private struct Description: Decodable {
    let sizes: [Int]
    let activation: String
    let ratio: Double?
    let pruned: Int?
  }

  let sizes: [Int]
  let activation: String
  /// The sparsity of its masks.
  let ratio: Double?
  /// Weights that its masks remove.
  let pruned: Int?
  private let folder: URL

  /// The case `name`, such as `ec/digits-relu`.
  init(_ name: String) throws {
    folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("PruningTests/Golden").appendingPathComponent(name)
    let description = try JSONDecoder().decode(
      Description.self, from: Data(contentsOf: folder.appendingPathComponent("case.json")))
    sizes = description.sizes
    activation = description.activation
    ratio = description.ratio
    pruned = description.pruned
  }

  var layerCount: Int { sizes.count - 1 }

  /// The array `name`, such as `I2`.
  func array(_ name: String) throws -> TestSupport.NPY {
    try TestSupport.NPY(contentsOf: folder.appendingPathComponent(name + ".npy"))
  }

  /// The inputs as the file is.
  func inputs() throws -> Data { try Data(contentsOf: folder.appendingPathComponent("X.npy")) }

  /// The options that say the activation, where a state dict cannot.
  var activationOptions: [String] { activation == "prelu" ? [] : ["--activation", activation] }

  /// The network as an `nn.Sequential` of it is written, each name behind `prefix`.
  func stateDict(prefix: String = "") throws -> Data {
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for layer in 1...layerCount {
      let number = 2 * (layer - 1)
      let (weights, bias) = (try array("W\(layer)"), try array("b\(layer)"))
      tensors.append(("\(prefix)\(number).weight", weights.shape, weights.floats))
      tensors.append(("\(prefix)\(number).bias", [sizes[layer]], bias.floats))
      if activation == "prelu", layer < layerCount {
        tensors.append(("\(prefix)\(number + 1).weight", [1], try array("slope\(layer)").floats))
      }
    }
    let header = try SafetensorsHeader(
      placing: tensors.map { ($0.name, .f32, $0.shape) }, metadata: ["format": "pt"])
    return Data(header.bytes + tensors.flatMap { TensorValues.bytes($0.values) })
  }
}

extension ReferenceCase {
  /// A 3-2-1 network as a state dict, with `bias=False` in its first layer.
  static func withoutBias() throws -> Data {
    let header = try SafetensorsHeader(
      placing: [("0.weight", .f32, [2, 3]), ("2.weight", .f32, [1, 2]), ("2.bias", .f32, [1])],
      metadata: [:])
    return Data(header.bytes + TensorValues.bytes([1, 2, 3, 4, 5, 6, 7, 8, 9]))
  }
}
