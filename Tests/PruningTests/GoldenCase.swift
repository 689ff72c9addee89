import Engine
import Foundation
import NeuralNetworks
import NumericCore
import TestSupport

/// A case of `Golden/`, made by automatic differentiation in float64.
struct GoldenCase {
  /// What the script wrote about the case; absent where a kind of case has no such thing.
  struct Description: Decodable {
    let sizes: [Int]
    let activation: String
    let metric: String?
    let ratio: Double?
    let pruned: Int?
    let keep: Int?
    let of: Int?
  }

  let description: Description
  private let folder: URL

  /// The case `name`, for instance `ec/digits-relu`.
  init(_ name: String) throws {
    folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Golden").appendingPathComponent(name)
    description = try JSONDecoder().decode(
      Description.self, from: Data(contentsOf: folder.appendingPathComponent("case.json")))
  }

  /// The array of file `name`, for instance `I2`.
  func array(_ name: String) throws -> NPY {
    try NPY(contentsOf: folder.appendingPathComponent(name + ".npy"))
  }

  func matrix(_ name: String) throws -> Matrix {
    let array = try array(name)
    return Matrix(rows: array.shape[0], columns: array.shape[1], array.floats)
  }

  /// The dense network of the case.
  func network() throws -> Network {
    let count = description.sizes.count - 1
    return Network(
      layers: try (0..<count).map { index in
        let activation = Activation(rawValue: description.activation)!
        let isOutput = index == count - 1
        let slope =
          activation == .prelu && !isOutput ? try array("slope\(index + 1)").floats[0] : nil
        return DenseLayer(
          name: Network.layerName(index, of: count), weights: try matrix("W\(index + 1)"),
          bias: try array("b\(index + 1)").floats, activation: isOutput ? .identity : activation,
          slope: slope)
      })
  }

  /// The inputs of the case; scoring reads no targets.
  func samples() throws -> SampleSet { unlabelled(try matrix("X")) }
}

/// Samples whose targets nobody reads.
func unlabelled(_ inputs: Matrix) -> SampleSet {
  SampleSet(inputs: inputs, targets: .labels(Array(repeating: 0, count: inputs.rows)))
}

/// Whether every value is within `tolerance` of the largest magnitude among `expected`.
func agrees(_ values: [Float], _ expected: [Double], tolerance: Double = 1e-4) -> Bool {
  let scale = expected.reduce(0) { max($0, abs($1)) }
  return values.count == expected.count
    && zip(values, expected).allSatisfy { abs(Double($0) - $1) <= tolerance * scale }
}
