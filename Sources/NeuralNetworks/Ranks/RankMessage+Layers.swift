import Engine
import NumericCore

extension RankMessage {
  /// Adds layers, a chain of them, without their names.
  mutating func write(_ layers: [DenseLayer]) {
    write(layers.count)
    for layer in layers { layer.write(to: &self) }
  }

  /// The next layers.
  mutating func readLayers() -> [DenseLayer] {
    let count = read(Int.self)
    return (0..<count).map { index in
      DenseLayer(&self, name: Network.layerName(index, of: count))
    }
  }
}

extension DenseLayer {
  /// - Parameter name: which says nothing of how it is trained.
  fileprivate init(_ message: inout RankMessage, name: String) {
    let weights = message.readMatrix()
    let bias = message.readArray(Float.self)
    let (activation, slope) = (message.read(Activation.self), message.read(Float.self))
    let unitSlopes = message.readArray(Float.self)
    let mask = message.readArray(UInt8.self)
    self.init(
      name: name, weights: weights, bias: bias, activation: activation, slope: slope,
      unitSlopes: unitSlopes,
      mask: mask.isEmpty
        ? nil : Mask(rows: weights.rows, columns: weights.columns, bytes: mask))
  }

  fileprivate func write(to message: inout RankMessage) {
    message.write(weights)
    message.write(bias)
    message.write(activation)
    message.write(slope)
    message.write(unitSlopes)
    message.write(mask?.bytes ?? [])
  }
}
