import NumericCore

/// Applies gradients to a network and holds the moments and masks in the form the kernels take.
struct ParameterUpdater: Sendable {
  let optimizer: Optimizer
  private let clipNorm: Double?
  private var steps: Int
  private var first: [LayerMoments]
  private var second: [LayerMoments]
  private let hasFirst: Bool
  private let hasSecond: Bool
  private let masks: [ByteMask?]
  private var biasGradients: [[Float]]
  private var slopeGradients: [Double]
  private var gradients: [Matrix]
  private var scratch = Scratch()

  init(optimizer: Optimizer, clipNorm: Double?, state: OptimizerState, network: Network) {
    precondition(state.fits(optimizer, network), "an optimizer state of the network's shape")
    self.optimizer = optimizer
    self.clipNorm = clipNorm
    steps = state.steps
    hasFirst = !state.first.isEmpty
    hasSecond = !state.second.isEmpty
    let none = network.layers.map { _ in
      LayerMoments(weights: Matrix(rows: 0, columns: 0), bias: [], slope: 0)
    }
    first = hasFirst ? state.first : none
    second = hasSecond ? state.second : none
    masks = network.layers.map { layer in
      layer.mask.map { ByteMask(words: $0.words, count: $0.count) }
    }
    biasGradients = network.layers.map { Array(repeating: 0, count: $0.outputs) }
    slopeGradients = network.layers.map { _ in 0 }
    gradients =
      clipNorm == nil
      ? [] : network.layers.map { Matrix(rows: $0.outputs, columns: $0.inputs) }
  }

  /// The moments as they stand.
  var state: OptimizerState {
    OptimizerState(
      steps: steps, first: hasFirst ? first : [], second: hasSecond ? second : [])
  }

  /// Backpropagates and changes every parameter, from the output down: a layer's input gradient is
  /// taken before its weights change.
  ///
  /// - Parameters:
  ///   - pass: the forward pass of this batch; the last layer's z holds the loss's gradient already,
  ///     the other layers' z are replaced by their gradients.
  ///   - outputSlopeGradient: the gradient of the last layer's slope.
  mutating func step(
    _ network: inout Network, pass: inout ForwardPass, outputSlopeGradient: Double,
    input: SampleBlock, rate: Double, pool: WorkerPool
  ) {
    steps += 1
    slopeGradients[slopeGradients.count - 1] = outputSlopeGradient
    let rule = optimizer.updateRule(step: steps, rate: rate)
    for index in network.layers.indices.reversed() {
      if index > 0 {
        slopeGradients[index - 1] = affineBackward(
          weights: network.layers[index].weights, deltas: pass.z[index],
          activation: network.layers[index - 1].activation,
          slope: network.layers[index - 1].slope, z: &pass.z[index - 1], a: pass.a[index - 1],
          scratch: &scratch, pool: pool)
      }
      biasGradient(deltas: pass.z[index], into: &biasGradients[index])
      let below = index == 0 ? input : pass.a[index - 1]
      if clipNorm == nil {
        gradientStep(
          deltas: pass.z[index], input: below, rule: rule, mask: masks[index],
          weights: &network.layers[index].weights, first: &first[index].weights,
          second: &second[index].weights, scratch: &scratch, pool: pool)
      } else {
        weightGradient(
          deltas: pass.z[index], input: below, mask: masks[index], into: &gradients[index],
          pool: pool)
      }
    }
    let scale = clipNorm.map(clippingScale) ?? 1
    for index in network.layers.indices {
      if clipNorm != nil {
        applyGradient(
          &gradients[index], scale: scale, rule: rule, mask: masks[index],
          weights: &network.layers[index].weights, first: &first[index].weights,
          second: &second[index].weights, pool: pool)
      }
      applyToVectors(rule, scale: scale, layer: index, of: &network)
    }
  }

  /// Changes the bias and, for prelu, the slope of one layer.
  private mutating func applyToVectors(
    _ rule: UpdateRule, scale: Float, layer index: Int, of network: inout Network
  ) {
    if scale != 1 {
      for i in biasGradients[index].indices { biasGradients[index][i] *= scale }
    }
    rule.apply(
      to: &network.layers[index].bias, gradient: biasGradients[index],
      first: &first[index].bias, second: &second[index].bias)
    guard network.layers[index].activation == .prelu else { return }
    var slope = [network.layers[index].slope]
    var firstSlope = hasFirst ? [first[index].slope] : []
    var secondSlope = hasSecond ? [second[index].slope] : []
    rule.apply(
      to: &slope, gradient: [Float(slopeGradients[index]) * scale], first: &firstSlope,
      second: &secondSlope)
    network.layers[index].slope = slope[0]
    if hasFirst { first[index].slope = firstSlope[0] }
    if hasSecond { second[index].slope = secondSlope[0] }
  }

  /// What the gradient is multiplied by so that its global norm is at most `limit`.
  private func clippingScale(limit: Double) -> Float {
    var sum = 0.0
    for index in gradients.indices {
      sum += gradients[index].sumOfSquares
      for value in biasGradients[index] { sum += Double(value) * Double(value) }
      sum += slopeGradients[index] * slopeGradients[index]
    }
    let norm = sum.squareRoot()
    return norm > limit ? Float(limit / norm) : 1
  }
}
