import Engine
import NumericCore

/// What a rank prepares the steps of a training from.
struct ChainSetup {
  var layers: [DenseLayer]
  var first: [LayerMoments]
  var second: [LayerMoments]
  /// Most samples of a batch.
  var capacity: Int
  var loss: Loss
  var clipNorm: Double?
  /// Which units steps leave out; nil for none.
  var dropout: Dropout?
  var sharing: StepSharing
  /// Of each rank.
  var threads: Int
}

extension ChainSetup {
  init(_ message: inout RankMessage) {
    layers = message.readLayers()
    (first, second) = (message.readMoments(), message.readMoments())
    capacity = message.read()
    loss = message.read()
    clipNorm = message.read(Bool.self) ? message.read(Double.self) : nil
    let rates = message.readArray(Double.self)
    dropout = rates.isEmpty ? nil : Dropout(rates: rates, seed: message.read())
    sharing = message.read()
    threads = message.read()
  }

  func write(to message: inout RankMessage) {
    message.write(layers)
    message.write(first)
    message.write(second)
    message.write(capacity)
    message.write(loss)
    message.write(clipNorm != nil)
    if let clipNorm { message.write(clipNorm) }
    message.write(dropout?.rates ?? [])
    if let dropout, !dropout.rates.isEmpty { message.write(dropout.seed) }
    message.write(sharing)
    message.write(threads)
  }
}

extension RankMessage {
  fileprivate mutating func write(_ moments: [LayerMoments]) {
    write(moments.count)
    for layer in moments {
      write(layer.weights)
      write(layer.bias)
      write(layer.slope)
    }
  }

  fileprivate mutating func readMoments() -> [LayerMoments] {
    let count = read(Int.self)
    return (0..<count).map { _ in
      LayerMoments(weights: readMatrix(), bias: readArray(Float.self), slope: read())
    }
  }
}
