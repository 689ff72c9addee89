import NeuralNetworks
import NumericCore

/// A network as PyTorch users keep it: the state dict of an `nn.Sequential` in a safetensors file.
///
/// Every layer is a `Linear`, followed by its activation as a module; only the output's identity has
/// none. So `0.weight` [outputs, inputs] and `0.bias` are the first layer, `1.weight` [1] its slope
/// if it is a `PReLU`, `2.weight` the second layer. Pruned weights are exact zeros.
///
/// The file takes and gives raw units: x' = (x − s) ∘ c goes into the first layer (W' = W diag(c),
/// b' = b − W (s ∘ c)), the targets' y = y' / c + s into the last (W' = diag(1/c) W, b' = b / c + s),
/// computed in Double and rounded once.
///
/// `__metadata__["ecpipe"]` says what a state dict does not (`StateDictDescription`).
package enum PyTorchExport {
  /// The bytes of the file for `state`'s network, dense.
  /// - Throws: `ExportError`.
  package static func encode(_ state: ModelState) throws(ExportError) -> [UInt8] {
    let layers = state.network.layers
    var forms: [(name: String, type: SafetensorsType, shape: [Int])] = []
    var data: [UInt8] = []
    var written: [[Float]] = []
    func add(_ name: String, _ shape: [Int], _ values: [Double], of layer: DenseLayer)
      throws(ExportError)
    {
      forms.append((name, .f32, shape))
      data.reserveCapacity(data.count + 4 * values.count)
      for value in values {
        let bits = Float(value).bitPattern
        guard Float(bitPattern: bits).isFinite else { throw .nonFinite(layer: layer.name) }
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
          data.append(UInt8(truncatingIfNeeded: bits >> shift))
        }
      }
    }
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let targets = isLast ? state.targetScaling : nil
      if targets != nil && layer.activation != .identity {
        throw .outputActivation(layer: layer.name, layer.activation)
      }
      let linear = FoldedLayer(
        layer, inputScaling: index == 0 ? state.inputScaling : nil, targetScaling: targets)
      let shape = [layer.outputs, layer.inputs]
      written.append(linear.weights.map { Float($0) })
      try add("\(2 * index).weight", shape, linear.weights, of: layer)
      try add("\(2 * index).bias", [layer.outputs], linear.bias, of: layer)
      if layer.activation == .prelu {
        try add("\(2 * index + 1).weight", [1], [Double(layer.slope)], of: layer)
      }
    }
    do throws(SafetensorsError) {
      let description = StateDictDescription(
        state.network, written: written, classes: state.classes)
      let header = try SafetensorsHeader(
        placing: forms,
        metadata: ["format": "pt", StateDictDescription.name: .string(description.text)])
      return header.bytes + data
    } catch {
      throw .container(error)
    }
  }
}

/// A layer's weights and bias in Double, with the scalings around the network folded in.
private struct FoldedLayer {
  /// [outputs, inputs], row-major.
  var weights: [Double]
  /// [outputs].
  var bias: [Double]

  init(_ layer: DenseLayer, inputScaling: AffineScaling?, targetScaling: AffineScaling?) {
    weights = layer.weights.elements.map(Double.init)
    bias = layer.bias.map(Double.init)
    let columns = layer.inputs
    if let scaling = inputScaling {
      precondition(scaling.shift.count == columns, "a scale for every input")
      for row in 0..<layer.outputs {
        var moved = 0.0
        for column in 0..<columns where weights[row * columns + column] != 0 {
          weights[row * columns + column] *= Double(scaling.scale[column])
          moved += weights[row * columns + column] * Double(scaling.shift[column])
        }
        bias[row] -= moved
      }
    }
    if let scaling = targetScaling {
      precondition(scaling.shift.count == layer.outputs, "a scale for every output")
      for row in 0..<layer.outputs {
        for column in 0..<columns where weights[row * columns + column] != 0 {
          weights[row * columns + column] /= Double(scaling.scale[row])
        }
        bias[row] = bias[row] / Double(scaling.scale[row]) + Double(scaling.shift[row])
      }
    }
  }
}
