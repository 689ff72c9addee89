import Engine
import NumericCore

/// What a training begins with. Rank 0 sends it in several messages, of which the others make their own form one by one:
/// weights and moments of the largest networks that a machine holds are not in its memory twice.
struct ChainStart {
  let layers: [DenseLayer]
  /// One a layer; empty for an optimizer without.
  let first: [LayerMoments]
  let second: [LayerMoments]
}

extension ChainStart {
  /// Sends it from rank 0 to all others, which receive it by `receiveLayers` and, as often as there are moments of a
  /// layer, by `receiveMoments`.
  func send(among collective: any Collective) {
    var message = RankMessage()
    message.write(layers)
    collective.send(message)
    for moments in first + second {
      var message = RankMessage()
      message.write(moments.weights)
      message.write(moments.bias)
      message.write(moments.slope)
      collective.send(message)
    }
  }
}

extension Collective {
  /// The layers that a training begins with.
  func receiveLayers() -> [DenseLayer] {
    var message = receive()
    return message.readLayers()
  }

  /// The next moments of a layer: all first ones come before the second.
  func receiveMoments() -> LayerMoments {
    var message = receive()
    return LayerMoments(
      weights: message.readMatrix(), bias: message.readArray(Float.self), slope: message.read())
  }
}
