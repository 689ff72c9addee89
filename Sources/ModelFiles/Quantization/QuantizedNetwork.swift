import NeuralNetworks

/// A network whose weights and activations are bytes, with the way in from raw float inputs and out to raw
/// float outputs. It computes here what its C program does, to the bit.
package struct QuantizedNetwork: Sendable {
  /// Float32 numbers as bytes, column by column: byte = x · scale + shift, rounded.
  package struct Entry: Sendable, Equatable {
    /// One for all columns, or one each.
    package let scales: [Float]
    /// Likewise; zero included.
    package let shifts: [Float]
    /// Of the bytes, in what the first layer takes.
    package let inner: QuantizedScale
  }

  /// Bytes as float32 numbers, column by column: y = (byte − zero) · scale + shift.
  package struct Exit: Sendable, Equatable {
    package let zero: Int32
    /// One for all columns, or one each.
    package let scales: [Float]
    /// Likewise; empty for 0.
    package let shifts: [Float]
  }

  package let entry: Entry
  package let layers: [QuantizedLayer]
  package let exit: Exit

  init(entry: Entry, layers: [QuantizedLayer], targetScaling: AffineScaling?) {
    self.entry = entry
    self.layers = layers
    let last = layers[layers.count - 1].output
    if let targetScaling {
      exit = Exit(
        zero: last.zero, scales: targetScaling.scale.map { Float(last.scale / $0) },
        shifts: targetScaling.shift.map { Float($0) })
    } else {
      exit = Exit(zero: last.zero, scales: [Float(last.scale)], shifts: [])
    }
  }

  /// The first layer, or the last one, where a number of the way in, or out, is beyond Float32; nil for none.
  var layerBeyondFloat: String? {
    if !(entry.scales + entry.shifts).allSatisfy(\.isFinite) { return layers[0].name }
    if !(exit.scales + exit.shifts).allSatisfy(\.isFinite) { return layers[layers.count - 1].name }
    return nil
  }

  /// The bytes for raw inputs.
  package func quantized(_ inputs: [Float]) -> [Int8] { entry.bytes(inputs) }

  /// The bytes of the outputs for bytes of inputs.
  package func outputs(_ inputs: [Int8]) -> [Int8] {
    layers.reduce(inputs) { x, layer in layer.bytes(layer.products(x)) }
  }

  /// The raw outputs that bytes stand for.
  package func dequantized(_ outputs: [Int8]) -> [Float] {
    outputs.indices.map { column in
      let value =
        Float(Int32(outputs[column]) - exit.zero)
        * exit.scales[exit.scales.count == 1 ? 0 : column]
      return exit.shifts.isEmpty ? value : value + exit.shifts[column]
    }
  }

  /// Raw outputs for raw inputs.
  package func values(_ inputs: [Float]) -> [Float] { dequantized(outputs(quantized(inputs))) }

  /// Multiplications with weights that are not 0.
  package var products: Int { layers.reduce(0) { $0 + $1.rows.live } }
}

extension QuantizedNetwork.Entry {
  /// The bytes for `inputs`: each product and each sum rounded by itself, halves away from 0.
  func bytes(_ inputs: [Float]) -> [Int8] {
    inputs.indices.map { column in
      let place = scales.count == 1 ? 0 : column
      var value = inputs[column] * scales[place]
      value = value + shifts[place]
      value = value + (value < 0 ? -0.5 : 0.5)
      value = value > -128 ? value : -128
      return Int8(value < 127 ? value : 127)
    }
  }
}
