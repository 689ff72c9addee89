import NumericCore

/// What ranks give one another within a step.
extension TrainingChain {
  /// Where values feature by feature lie that are sent from rank to rank: [features, samples].
  private struct Strided {
    let start: UnsafeMutablePointer<Float>
    let features: Int
    let stride: Int
  }

  /// Floats that `gatherBlocks` copies, of `capacity` samples, so that the parts of a rank lie together.
  static func exchangeSize(
    _ layers: [WorkingLayer], _ results: [LayerResults], capacity: Int
  ) -> Int {
    strided(layers, results).reduce(0) { $0 + $1.features } * capacity
  }

  /// What gradients read of all samples and lies feature by feature: every layer's deltas, and the
  /// activations below compressed rows.
  private static func strided(_ layers: [WorkingLayer], _ results: [LayerResults]) -> [Strided] {
    zip(layers, results).enumerated().flatMap { index, pair in
      let (layer, result) = pair
      let deltas = Strided(
        start: result.deltas, features: layer.outputs, stride: result.a.stride)
      if index == layers.count - 1 || result.a.samples != nil { return [deltas] }
      let activations = Strided(
        start: result.a.start, features: layer.outputs, stride: result.a.stride)
      return [deltas, activations]
    }
  }

  /// Gives every rank what gradients read of the blocks of samples that others took down and up.
  ///
  /// - Parameter used: blocks of the batch.
  /// - Returns: the sum of what `carry` sums over these.
  func gatherBlocks(_ used: Int) -> Double {
    guard let shares, shares.dividesSamples else { return gatherSums(used) }
    let blockStarts = shares.blockStarts(of: used)
    let columns = blockStarts.map { min(padded, $0 * tasks.width) }
    let values = Self.strided(parameters.layers, results)
    let rank = shares.collective.rank
    copy(values, columns, of: rank, packs: true)
    let features = values.reduce(0) { $0 + $1.features }
    var spans = [
      SharedSpan(lossSums, bounds: blockStarts),
      SharedSpan(exchange, bounds: columns.map { $0 * features }),
    ]
    for layer in 0..<parameters.count {
      if parameters.layers[layer].activation == .prelu {
        spans.append(SharedSpan(slopeSums + layer * blocks, bounds: blockStarts))
      }
      let a = results[layer].a
      if let samples = a.samples {
        spans.append(SharedSpan(samples, bounds: columns.map { $0 * a.sampleStride }))
      }
    }
    shares.collective.gather(spans)
    for other in 0..<shares.collective.size where other != rank {
      copy(values, columns, of: other, packs: false)
    }
    var sum = 0.0
    for block in 0..<used { sum += lossSums[block] }
    return sum
  }

  /// The sum over `used` blocks of samples, whoever took them down.
  func gatherSums(_ used: Int) -> Double {
    if let shares, shares.dividesSamples {
      return shares.collective.orderedSum(lossSums, bounds: shares.blockStarts(of: used))
    }
    var sum = 0.0
    for block in 0..<used { sum += lossSums[block] }
    return sum
  }

  /// Gives rank 0 the sums of the gradients that others have computed by `addGradients`.
  package func collectGradients(_ sums: inout [Double]) {
    guard let shares else { return }
    let places = ParameterVector(parameters)
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      shares.collective.collect(
        parameters.layers.enumerated().flatMap { index, layer in
          [
            shares.weights(sums + places.weights[index], of: layer, index: index),
            shares.rows(sums + places.biases[index], index: index),
          ]
        })
    }
  }

  /// Copies the columns of rank `rank` into the space that is sent, or out of it.
  private func copy(_ values: [Strided], _ columns: [Int], of rank: Int, packs: Bool) {
    let (first, count) = (columns[rank], columns[rank + 1] - columns[rank])
    if count == 0 { return }
    var place = exchange + first * values.reduce(0) { $0 + $1.features }
    let places = values.map { value in
      defer { place += value.features * count }
      return place
    }
    pool.run(tasks: values.count) { index, _ in
      let value = values[index]
      for feature in 0..<value.features {
        let strided = value.start + feature * value.stride + first
        let packed = places[index] + feature * count
        if packs {
          packed.update(from: strided, count: count)
        } else {
          strided.update(from: packed, count: count)
        }
      }
    }
  }

  /// Gives every rank the rows of weights and biases that others have changed.
  func gatherRows() {
    guard let shares else { return }
    shares.collective.gather(
      parameters.layers.enumerated().flatMap { index, layer in
        [
          shares.weights(layer.weights, of: layer, index: index),
          shares.rows(layer.bias, index: index),
        ]
      })
  }

  /// Gives every rank the squares of the gradients that others have computed, piece by piece.
  func gatherSquares() {
    guard let shares else { return }
    shares.collective.gather([SharedSpan(squareSums, bounds: shares.pieceStarts)])
  }
}
