import Engine
import NumericCore

/// What a rank prepares the steps of a training from, beside what it begins with (`ChainStart`).
struct ChainSetup {
  /// Whether the optimizer has first moments, and second ones.
  var hasFirst: Bool
  var hasSecond: Bool
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
    hasFirst = message.read()
    hasSecond = message.read()
    capacity = message.read()
    loss = message.read()
    clipNorm = message.read(Bool.self) ? message.read(Double.self) : nil
    let rates = message.readArray(Double.self)
    dropout = rates.isEmpty ? nil : Dropout(rates: rates, seed: message.read())
    sharing = message.read()
    threads = message.read()
  }

  func write(to message: inout RankMessage) {
    message.write(hasFirst)
    message.write(hasSecond)
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
