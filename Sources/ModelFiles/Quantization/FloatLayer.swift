import Engine

/// A layer in float64, as the measure of what quantization loses.
struct FloatLayer: Sendable {
  let name: String
  let weights: LiveRows<Float>
  let bias: [Float]
  let activation: Activation
  /// One a unit.
  let slopes: [Float]

  init(_ layer: FoldedNetwork.Layer) {
    let original = layer.original
    name = original.name
    weights = LiveRows(layer.weights, rows: original.outputs, columns: original.inputs)
    bias = layer.bias
    activation = original.activation
    slopes =
      original.unitSlopes.isEmpty || activation != .prelu
      ? Array(repeating: original.slope, count: original.outputs) : original.unitSlopes
  }

  /// Whether values below 0 are multiplied by a slope.
  var hasSlopes: Bool { activation == .leakyRelu || activation == .prelu }

  /// Whether the function is had from a table.
  var needsTable: Bool {
    switch activation {
    case .identity, .relu, .leakyRelu, .prelu: false
    case .tanh, .sigmoid, .gelu, .silu, .softplus: true
    }
  }

  /// W x + b.
  func sums(_ x: [Float]) -> [Float] {
    (0..<weights.rows).map { row in
      var sum = Double(bias[row])
      for index in weights.starts[row]..<weights.starts[row + 1] {
        sum += Double(weights.values[index]) * Double(x[weights.places[index]])
      }
      return Float(sum)
    }
  }

  /// σ(z).
  func activated(_ z: [Float]) -> [Float] {
    z.indices.map { CArithmetic.value(activation, z[$0], slope: slopes[$0]) }
  }
}
