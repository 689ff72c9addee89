import Glibc

/// What a refinement makes small, as a function of the outputs y of one sample: how far they are from a
/// reference's outputs y*, how far from the targets t, or a mixture; with gradient and curvature by y.
///
/// | loss | distance from y* | distance from t | curvature M |
/// |---|---|---|---|
/// | cross_entropy | KL(p* ‖ p) | cross-entropy | diag p − p pᵀ |
/// | binary_cross_entropy | KL(p* ‖ p), summed over outputs | likewise | diag(p (1 − p)) |
/// | mse | ½ ‖y − y*‖² | ½ ‖y − t‖² | 1 |
/// | huber | ½ ‖y − y*‖² | Σ huber | 1; from t 0 where an error is above δ |
/// | mae | ½ ‖y − y*‖² | has no curvature | 1 |
///
/// Values and products are taken in Double.
package struct OutputObjective: Sendable, Equatable {
  /// Decides what distance is.
  package let loss: Loss
  /// Share of the distance from the targets, in 0…1; the rest is of that from the reference.
  package let labelShare: Double

  package init(loss: Loss, labelShare: Double) {
    precondition((0...1).contains(labelShare))
    precondition(labelShare == 0 || loss != .meanAbsolute, "a loss with a curvature")
    self.loss = loss
    self.labelShare = labelShare
  }

  /// Whether it looks at a reference's outputs.
  package var readsReference: Bool { labelShare < 1 }

  /// Whether it looks at targets.
  package var readsLabels: Bool { labelShare > 0 }

  /// Whether its curvature looks at targets.
  package var curvatureReadsTargets: Bool {
    if case .huber = loss { return readsLabels }
    return false
  }

  /// The shape of outputs [outputs, samples].
  struct Block {
    let outputs: Int
    /// Samples, and columns with padding.
    let count: Int
    let padded: Int
    /// Between rows.
    let stride: Int
  }

  /// The objective summed over the samples of `y`, and its gradient in `deltas`, 0 up to the padding.
  func evaluate(
    _ y: UnsafePointer<Float>, _ block: Block, targets: OutputTargets.Places,
    deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    var sum = 0.0
    for sample in 0..<max(0, block.count) {
      sum += evaluate(Column(block, sample), y, targets, deltas)
    }
    clearPadding(of: block, deltas)
    return sum
  }

  /// Makes M t of the derivatives t of the outputs y, in place, 0 up to the padding.
  func curve(
    _ t: UnsafeMutablePointer<Float>, at y: UnsafePointer<Float>, _ block: Block,
    targets: OutputTargets.Places
  ) {
    for sample in 0..<max(0, block.count) { curve(Column(block, sample), t, y, targets) }
    clearPadding(of: block, t)
  }

  private func clearPadding(of block: Block, _ values: UnsafeMutablePointer<Float>) {
    for sample in max(0, block.count)..<block.padded {
      for output in 0..<block.outputs { values[output * block.stride + sample] = 0 }
    }
  }

  // MARK: One sample

  /// One sample's places in a block.
  private struct Column {
    let outputs: Int
    let stride: Int
    let sample: Int

    init(_ block: Block, _ sample: Int) {
      (outputs, stride) = (block.outputs, block.stride)
      self.sample = sample
    }

    /// The place of output `output`.
    func place(_ output: Int) -> Int { output * stride + sample }

    /// log Σ exp y.
    func logSumExp(_ y: UnsafePointer<Float>) -> Double {
      var largest = -Double.infinity
      for output in 0..<outputs { largest = max(largest, Double(y[place(output)])) }
      var sum = 0.0
      for output in 0..<outputs { sum += exp(Double(y[place(output)]) - largest) }
      return largest + log(sum)
    }
  }

  private func evaluate(
    _ column: Column, _ y: UnsafePointer<Float>, _ targets: OutputTargets.Places,
    _ deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    if case .crossEntropy(let smoothing) = loss {
      return evaluateSoftmax(column, y, targets, smoothing: Double(smoothing), deltas)
    }
    var sum = 0.0
    for output in 0..<column.outputs {
      let place = column.place(output)
      let value = Double(y[place])
      var gradient = 0.0
      if labelShare < 1, let reference = targets.reference {
        let (distance, slope) = fromReference(value, Double(reference[place]))
        sum += (1 - labelShare) * distance
        gradient += (1 - labelShare) * slope
      }
      if labelShare > 0, let values = targets.values {
        let (distance, slope) = fromTarget(value, Double(values[place]))
        sum += labelShare * distance
        gradient += labelShare * slope
      }
      deltas[place] = Float(gradient)
    }
    return sum
  }

  private func evaluateSoftmax(
    _ column: Column, _ y: UnsafePointer<Float>, _ targets: OutputTargets.Places,
    smoothing: Double, _ deltas: UnsafeMutablePointer<Float>
  ) -> Double {
    let scale = column.logSumExp(y)
    let reference = labelShare < 1 ? targets.reference : nil
    let referenceScale = reference.map { column.logSumExp($0) } ?? 0
    let label = labelShare > 0 ? targets.labels.map { Int($0[column.sample]) } : nil
    var sum = 0.0
    for output in 0..<column.outputs {
      let place = column.place(output)
      let logP = Double(y[place]) - scale
      var gradient = exp(logP)
      if let reference {
        let logTarget = Double(reference[place]) - referenceScale
        let target = (1 - labelShare) * exp(logTarget)
        sum += target * (logTarget - logP)
        gradient -= target
      }
      if let label {
        let spread = smoothing / Double(column.outputs)
        let target = labelShare * (spread + (output == label ? 1 - smoothing : 0))
        if target > 0 { sum -= target * logP }
        gradient -= target
      }
      deltas[place] = Float(gradient)
    }
    return sum
  }

  private func curve(
    _ column: Column, _ t: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>,
    _ targets: OutputTargets.Places
  ) {
    switch loss {
    case .crossEntropy:
      let scale = column.logSumExp(y)
      var mean = 0.0
      for output in 0..<column.outputs {
        let place = column.place(output)
        mean += exp(Double(y[place]) - scale) * Double(t[place])
      }
      for output in 0..<column.outputs {
        let place = column.place(output)
        t[place] = Float(exp(Double(y[place]) - scale) * (Double(t[place]) - mean))
      }
    case .binaryCrossEntropy:
      for output in 0..<column.outputs {
        let place = column.place(output)
        let p = Self.logistic(Double(y[place]))
        t[place] = Float(p * (1 - p) * Double(t[place]))
      }
    case .meanSquared, .meanAbsolute: return
    case .huber(let delta):
      guard labelShare > 0, let values = targets.values else { return }
      for output in 0..<column.outputs {
        let place = column.place(output)
        if abs(Double(y[place]) - Double(values[place])) >= Double(delta) {
          t[place] = Float((1 - labelShare) * Double(t[place]))
        }
      }
    }
  }

  // MARK: One output

  /// The distance of an output from a reference's, and its derivative.
  private func fromReference(_ value: Double, _ other: Double) -> (Double, Double) {
    if loss == .binaryCrossEntropy {
      let p = Self.logistic(other)
      let distance = p * (other - value) + Self.softplus(value) - Self.softplus(other)
      return (distance, Self.logistic(value) - p)
    }
    let error = value - other
    return (0.5 * error * error, error)
  }

  /// The distance of an output from a target, and its derivative.
  private func fromTarget(_ value: Double, _ target: Double) -> (Double, Double) {
    let error = value - target
    switch loss {
    case .binaryCrossEntropy:
      return (Self.softplus(value) - value * target, Self.logistic(value) - target)
    case .huber(let delta):
      let delta = Double(delta)
      if abs(error) < delta { return (0.5 * error * error, error) }
      return (delta * (abs(error) - 0.5 * delta), error < 0 ? -delta : delta)
    case .meanSquared: return (0.5 * error * error, error)
    case .crossEntropy, .meanAbsolute: preconditionFailure("a loss on values with a curvature")
    }
  }

  private static func logistic(_ y: Double) -> Double {
    y < 0 ? exp(y) / (1 + exp(y)) : 1 / (1 + exp(-y))
  }

  private static func softplus(_ y: Double) -> Double { max(y, 0) + log1p(exp(-abs(y))) }
}
