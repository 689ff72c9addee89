import CKernels

extension TrainingChain {
  /// Changes every parameter by the gradients of the batch that was propagated last. A block of
  /// gradients is applied while it is in cache; with a largest norm all are computed first. Where ranks
  /// share the step, each changes its rows and is given those of the others.
  package func update(_ rule: UpdateRule, clipNorm: Double?) {
    precondition((clipNorm != nil) == !gradientStarts.isEmpty, "prepared for clipping or not")
    var scale: Float = 1
    if let clipNorm {
      pool.run(tasks: tasks.count) { task, _ in
        for piece in pieces(of: task) {
          let space = gradientSpace + place(of: tasks.pieces[piece])
          computeGradient(tasks.pieces[piece], into: space)
          squareSums[piece] = squares(tasks.pieces[piece], space)
        }
      }
      gatherSquares()
      scale = clippingScale(limit: clipNorm)
    }
    pool.run(tasks: tasks.count) { task, worker in
      for index in pieces(of: task) {
        let piece = tasks.pieces[index]
        var space = gradientSpace + worker * gradientShare
        if clipNorm == nil {
          if pool.threadCount > 1 { askForWeights(of: piece) }
          computeGradient(piece, into: space)
        } else {
          space = gradientSpace + place(of: piece)
          if scale != 1 { self.scale(piece, space, by: scale) }
        }
        apply(rule, piece, space)
      }
    }
    for layer in 0..<parameters.count where parameters.layers[layer].activation == .prelu {
      applyToSlope(rule, layer: layer, scale: scale)
    }
    gatherRows()
  }

  /// Adds the gradients of the batch that was propagated last to `sums`, which lie as
  /// `ParameterVector` has it; those of pruned weights are 0. Where ranks share the chain, each adds those of its
  /// rows, which `collectGradients` gives to the first.
  package func addGradients(to sums: inout [Double]) {
    precondition(gradientStarts.isEmpty, "gradients are not kept for clipping")
    let places = ParameterVector(parameters)
    precondition(sums.count == places.count, "a sum for every parameter")
    sums.withUnsafeMutableBufferPointer { sums in
      guard let sums = sums.baseAddress else { return }
      pool.run(tasks: tasks.count) { task, worker in
        let space = gradientSpace + worker * gradientShare
        for index in pieces(of: task) {
          let piece = tasks.pieces[index]
          computeGradient(piece, into: space)
          let row = piece.rows.lowerBound
          let first = parameters.layers[piece.layer].start(ofRow: row)
          if let mask = parameters.layers[piece.layer].mask {
            eck_apply_mask(size(of: piece), mask + first, space)
          }
          eck_accumulate(size(of: piece), space, sums + places.weights[piece.layer] + first)
          eck_accumulate(
            piece.rows.count, biasGradients[piece.layer] + row,
            sums + places.biases[piece.layer] + row)
        }
      }
    }
  }

  /// The pieces of task `task` that this process does.
  private func pieces(of task: Int) -> Range<Int> {
    let all = tasks.taskStarts[task]..<tasks.taskStarts[task + 1]
    return shares.map { all.clamped(to: $0.ownPieces) } ?? all
  }

  /// Has the weights of a piece come to this core while their gradient is computed. All cores have read them
  /// since they were changed, and the optimizer would wait for the others to give up their copies.
  private func askForWeights(of piece: ChainTasks.Piece) {
    let layer = parameters.layers[piece.layer]
    eck_ask_to_write(
      size(of: piece), layer.weights + layer.start(ofRow: piece.rows.lowerBound))
  }

  /// Where a piece's gradient lies among all gradients.
  private func place(of piece: ChainTasks.Piece) -> Int {
    gradientStarts[piece.layer]
      + parameters.layers[piece.layer].start(ofRow: piece.rows.lowerBound)
  }

  private func size(of piece: ChainTasks.Piece) -> Int {
    let layer = parameters.layers[piece.layer]
    return layer.start(ofRow: piece.rows.upperBound) - layer.start(ofRow: piece.rows.lowerBound)
  }

  /// Weight gradients into `space`, bias gradients into their place.
  private func computeGradient(
    _ piece: ChainTasks.Piece, into space: UnsafeMutablePointer<Float>
  ) {
    let layer = parameters.layers[piece.layer]
    let (x, result) = (input(of: piece.layer), results[piece.layer])
    layer.gradient(
      rows: piece.rows, samples: count, padded: padded, deltas: result.deltas,
      stride: result.a.stride,
      x.samples ?? x.start, stride: x.samples == nil ? x.stride : x.sampleStride, into: space,
      product: product)
    let first = piece.rows.lowerBound
    eck_block_row_sums(
      piece.rows.count, padded, result.a.stride, result.deltas + first * result.a.stride,
      biasGradients[piece.layer] + first)
  }

  private func squares(
    _ piece: ChainTasks.Piece, _ space: UnsafeMutablePointer<Float>
  ) -> Double {
    let first = parameters.layers[piece.layer].start(ofRow: piece.rows.lowerBound)
    if let mask = parameters.layers[piece.layer].mask {
      eck_apply_mask(size(of: piece), mask + first, space)
    }
    return eck_sum_squares(size(of: piece), space)
      + eck_sum_squares(
        piece.rows.count, biasGradients[piece.layer] + piece.rows.lowerBound)
  }

  private func scale(
    _ piece: ChainTasks.Piece, _ space: UnsafeMutablePointer<Float>, by scale: Float
  ) {
    eck_scale(size(of: piece), scale, space)
    eck_scale(piece.rows.count, scale, biasGradients[piece.layer] + piece.rows.lowerBound)
  }

  private func apply(
    _ rule: UpdateRule, _ piece: ChainTasks.Piece, _ space: UnsafeMutablePointer<Float>
  ) {
    let layer = parameters.layers[piece.layer]
    let (row, index) = (piece.rows.lowerBound, piece.layer)
    let place = layer.start(ofRow: row)
    let (first, second) = (moments.first, moments.second)
    rule.apply(
      count: size(of: piece), weights: layer.weights + place, gradient: space,
      mask: layer.mask.map { $0 + place },
      first: first.isEmpty ? nil : first[index].weights + place,
      second: second.isEmpty ? nil : second[index].weights + place)
    rule.apply(
      count: piece.rows.count, weights: layer.bias + row, gradient: biasGradients[index] + row,
      mask: nil, first: first.isEmpty ? nil : first[index].bias + row,
      second: second.isEmpty ? nil : second[index].bias + row)
  }

  private func applyToSlope(_ rule: UpdateRule, layer index: Int, scale: Float) {
    var slope = parameters.layers[index].slope
    var gradient = Float(slopeGradient(of: index)) * scale
    rule.apply(
      count: 1, weights: &slope, gradient: &gradient, mask: nil,
      first: moments.first.isEmpty ? nil : moments.first[index].slope,
      second: moments.second.isEmpty ? nil : moments.second[index].slope)
    parameters.setSlope(slope, of: index)
  }

  /// What gradients are multiplied by so that their global norm is at most `limit`.
  private func clippingScale(limit: Double) -> Float {
    var sum = 0.0
    for piece in tasks.pieces.indices { sum += squareSums[piece] }
    for layer in 0..<parameters.count where parameters.layers[layer].activation == .prelu {
      let gradient = slopeGradient(of: layer)
      sum += gradient * gradient
    }
    let norm = sum.squareRoot()
    return norm > limit ? Float(limit / norm) : 1
  }
}
