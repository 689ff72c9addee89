import Engine
import ModelFiles
import NeuralNetworks
import NumericCore

/// FNV-1a, 64 bits: changes with every single byte, and needs no library.
let fnv: ContentDigest = { bytes in
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  bytes.withUnsafeBufferPointer { bytes in
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
  return String(hash, radix: 16)
}

/// Reproducible numbers for networks of tests.
struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  mutating func word() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// In (−1, 1), never 0.
  mutating func float() -> Float {
    let unit = Float(word() >> 40) / Float(1 << 24)
    return unit == 0.5 ? 0.25 : 2 * unit - 1
  }

  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in float() }
  }

  /// A mask that keeps about `density` of the weights.
  mutating func mask(rows: Int, columns: Int, density: Double) -> Mask {
    var bytes = [UInt8](repeating: 0, count: (rows * columns + 7) / 8)
    for i in 0..<(rows * columns) where Double(word() >> 11) / Double(1 << 53) < density {
      bytes[i / 8] |= 1 << UInt8(i % 8)
    }
    return Mask(rows: rows, columns: columns, bytes: bytes)!
  }

  mutating func layer(
    _ name: String, inputs: Int, outputs: Int, _ activation: Activation, density: Double? = nil
  ) -> DenseLayer {
    let weights = Matrix(rows: outputs, columns: inputs, floats(inputs * outputs))
    return DenseLayer(
      name: name, weights: weights, bias: floats(outputs), activation: activation,
      slope: activation == .prelu ? float() : nil,
      mask: density.map { mask(rows: outputs, columns: inputs, density: $0) })
  }

  /// Layers of `widths`, the first being the inputs; `densities` of 2 stand for no mask.
  mutating func network(
    _ widths: [Int], _ activation: Activation = .relu, densities: [Double]
  ) -> Network {
    let count = widths.count - 1
    return Network(
      layers: (0..<count).map { index in
        let density = densities[index % densities.count]
        return layer(
          Network.layerName(index, of: count), inputs: widths[index], outputs: widths[index + 1],
          index == count - 1 ? .identity : activation, density: density > 1 ? nil : density)
      })
  }

  mutating func moments(_ network: Network) -> [LayerMoments] {
    network.layers.map { layer in
      var weights = Matrix(rows: layer.outputs, columns: layer.inputs, floats(layer.weights.count))
      if let mask = layer.mask {
        weights.withMutableSpan { span in
          for i in span.indices where !mask[i] { span[i] = 0 }
        }
      }
      let slope = layer.activation == .prelu ? float() : 0
      return LayerMoments(weights: weights, bias: floats(layer.outputs), slope: slope)
    }
  }

  mutating func scaling(_ columns: Int) -> AffineScaling {
    // Numbers that float32 does not hold.
    AffineScaling(
      shift: floats(columns).map { Double($0) / 3 }, scale: floats(columns).map { 1 / Double($0) })
  }
}

/// Every kind of column, for a classifier of 5 inputs.
let fullInterface = ModelInterface(
  inputs: [
    ModelInterface.Input(name: "age", position: 0),
    ModelInterface.Input(name: "größe", position: 1),
    ModelInterface.Input(name: "dose", position: 4, kind: .number(fill: 0.1)),
    ModelInterface.Input(
      name: "colour", position: 5, kind: .category(levels: ["red", ""], unknownIsZero: true)),
  ],
  targets: [ModelInterface.Column(name: "kind", position: 3)],
  table: ModelInterface.Table(
    delimiter: ";", decimalSign: ",", header: true,
    ignored: [ModelInterface.Column(name: "id", position: 2)]),
  loss: .crossEntropy(labelSmoothing: 0.1), dropsMissing: true, missingMarkers: ["-", "n/a"])

/// A checkpoint with every kind of entry: two layers, one masked, prelu, Adam, progress and best.
func fullContents(seed: UInt64 = 1) -> CheckpointContents {
  var draws = Draws(seed: seed)
  let network = draws.network([5, 7, 3], .prelu, densities: [0.4, 2])
  let optimizer = OptimizerState(
    steps: 12, first: draws.moments(network), second: draws.moments(network))
  let best = draws.network([5, 7, 3], .prelu, densities: [0.4, 2])
  return CheckpointContents(
    state: ModelState(
      network: network, optimizer: optimizer, inputScaling: draws.scaling(5),
      targetScaling: draws.scaling(3), classes: ["0", "größer", "a\"b\n"],
      interface: fullInterface),
    progress: TrainingProgress(
      epoch: 3, stepInEpoch: 2, lossSum: 0.1 + 0.2, lastEpochLoss: 1 / 3,
      best: BestEpoch(epoch: 2, validationLoss: -0.0, network: best), epochsSinceBest: 1),
    lineage: ["key": "1a2b", "parent": .null, "settings": ["epochs": 4, "rate": 0.002]],
    fingerprint: ["core": "Haswell", "features": ["avx2"]])
}

/// The smallest checkpoint that has a mask.
func smallContents() -> CheckpointContents {
  var draws = Draws(seed: 3)
  return CheckpointContents(
    state: ModelState(network: draws.network([3, 4], densities: [0.5])), lineage: ["key": "a1"])
}

/// Encodes with the digest of these tests.
func encoded(_ contents: CheckpointContents, level: Int = 3) throws -> [UInt8] {
  try Checkpoint.encode(contents, level: level, digest: fnv)
}

/// Decodes with the digest of these tests.
func decoded(_ bytes: [UInt8], memoryLimit: Int = 1 << 30) throws -> CheckpointContents {
  try Checkpoint.decode(bytes, memoryLimit: memoryLimit, digest: fnv)
}
