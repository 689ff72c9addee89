import Engine
import NeuralNetworks
import NumericCore

/// A layer of an ONNX file while nodes are still folded into it, in Float64; its weights are multiplied out
/// and rounded once, at the end.
struct ONNXLayer {
  /// Of the node with the weights.
  let node: ONNXNodeName
  let outputs: Int
  let inputs: Int
  /// [outputs, inputs], row-major, as the file has them.
  private let weights: [Float]
  /// What each row is multiplied by.
  private(set) var rowScale: [Double]
  /// What each column is multiplied by.
  private let columnScale: [Double]?
  /// [outputs].
  private(set) var bias: [Double]
  /// What follows the layer, with the slopes that it has.
  var activation: ElementTerm.Recognized?

  /// A layer that takes σ · scale + shift of what is below.
  init(
    _ node: ONNXNodeName, weights: [Float], outputs: Int, inputs: Int, factor: Double,
    below: ONNXAffine?
  ) {
    self.node = node
    self.weights = weights
    self.outputs = outputs
    self.inputs = inputs
    rowScale = Array(repeating: factor, count: outputs)
    columnScale = below.map { $0.scales(inputs) }
    bias = Array(repeating: 0, count: outputs)
    guard let shifts = below?.shifts(inputs), shifts.contains(where: { $0 != 0 }) else { return }
    for row in 0..<outputs {
      var moved = 0.0
      for column in 0..<inputs {
        moved += Double(weights[row * inputs + column]) * shifts[column]
      }
      bias[row] = factor * moved
    }
  }

  /// Multiplies what the layer gives, and adds to it.
  mutating func apply(_ affine: ONNXAffine) {
    let (scales, shifts) = (affine.scales(outputs), affine.shifts(outputs))
    for row in 0..<outputs {
      rowScale[row] *= scales[row]
      bias[row] = bias[row] * scales[row] + shifts[row]
    }
  }

  /// The layer in the units of the network, named `name`.
  /// - Throws: `ONNXError.node` where a number is beyond Float32.
  func layer(
    named name: String, mask: (_ weights: [Float]) throws(ONNXError) -> Mask?
  ) throws(ONNXError) -> DenseLayer {
    var product = weights
    if columnScale != nil || rowScale.contains(where: { $0 != 1 }) {
      for row in 0..<outputs {
        for column in 0..<inputs {
          let index = row * inputs + column
          product[index] = Float(
            rowScale[row] * Double(weights[index]) * (columnScale?[column] ?? 1))
        }
      }
    }
    let bias = bias.map { Float($0) }
    guard product.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else {
      throw .node(node, "has a weight or a bias beyond 32 bits with what is folded into it")
    }
    let slopes = activation?.slopes ?? []
    return DenseLayer(
      name: name, weights: Matrix(rows: outputs, columns: inputs, product), bias: bias,
      activation: activation?.activation ?? .identity,
      slope: slopes.count == 1 ? slopes[0] : nil, unitSlopes: slopes.count > 1 ? slopes : [],
      mask: try mask(product))
  }
}

/// x · scale + shift, by columns, or with one number for all of them.
struct ONNXAffine: Equatable {
  /// One number, or one a column.
  private(set) var scale: [Double]
  private(set) var shift: [Double]

  /// - Precondition: each is one number, or one for each of as many columns.
  init(scale: [Double] = [1], shift: [Double] = [0]) {
    self.scale = scale
    self.shift = shift
  }

  /// Columns that it has numbers for; 1 where it has one for all.
  var width: Int { max(scale.count, shift.count) }

  /// The scales of `count` columns.
  func scales(_ count: Int) -> [Double] {
    scale.count == count ? scale : Array(repeating: scale[0], count: count)
  }

  /// The shifts of `count` columns.
  func shifts(_ count: Int) -> [Double] {
    shift.count == count ? shift : Array(repeating: shift[0], count: count)
  }

  /// `next` of this; their widths fit.
  func then(_ next: ONNXAffine) -> ONNXAffine {
    let count = max(width, next.width)
    let (scales, shifts) = (next.scales(count), next.shifts(count))
    return ONNXAffine(
      scale: zip(self.scales(count), scales).map { $0 * $1 },
      shift: zip(self.shifts(count), zip(scales, shifts)).map { $0 * $1.0 + $1.1 })
  }
}
