import NumericCore

/// The gradient of a loss by all weights, over samples.
package enum LossGradient {
  private static let blockSize = 512

  /// dL/dw of every weight, one matrix [outputs, inputs] a layer, where L is the mean loss over
  /// `samples`. For a pruned weight it is what the gradient would be if the weight were there.
  ///
  /// Products are taken in Float32 within blocks of 512 samples and added in Double.
  package static func weights(
    of network: Network, on samples: SampleSet, loss: Loss, pool: WorkerPool
  ) -> [Matrix] {
    precondition(samples.count > 0, "a gradient needs samples")
    var sums = network.layers.map { GradientSum(rows: $0.outputs, columns: $0.inputs) }
    var start = 0
    while start < samples.count {
      let end = min(start + blockSize, samples.count)
      add(samples.indices[start..<end], of: network, samples, loss, to: &sums, pool: pool)
      start = end
    }
    return sums.map { $0.matrix(scale: 1 / Double(samples.count)) }
  }

  private static func add(
    _ rows: ArraySlice<Int32>, of network: Network, _ samples: SampleSet, _ loss: Loss,
    to sums: inout [GradientSum], pool: WorkerPool
  ) {
    // Blocks are as wide as the samples need, because products run over all of their columns.
    var input = SampleBlock(features: network.inputs, capacity: rows.count)
    input.gather(samples.inputs, rows: rows, pool: pool)
    var forward = ForwardPass(for: network, capacity: rows.count)
    forward.run(network, input: input, pool: pool)
    var targets = BatchTargets(outputs: network.outputs, capacity: rows.count)
    targets.gather(samples.targets, rows: rows, for: loss, pool: pool)
    var deltas = SampleBlock(features: network.outputs, capacity: rows.count)
    _ = loss.evaluate(forward.outputs, targets, scale: 1, deltas: &deltas)
    let last = network.layers.count - 1
    _ = activationBackward(
      deltas, activation: network.layers[last].activation, slope: network.layers[last].slope,
      z: &forward.z[last], a: forward.a[last])
    var scratch = Scratch()
    for index in network.layers.indices.reversed() {
      let below = index == 0 ? input : forward.a[index - 1]
      sums[index].add(forward.z[index], times: below, pool: pool)
      if index == 0 { break }
      let lower = network.layers[index - 1]
      _ = affineBackward(
        weights: network.layers[index].weights, deltas: forward.z[index],
        activation: lower.activation, slope: lower.slope, z: &forward.z[index - 1],
        a: forward.a[index - 1], scratch: &scratch, pool: pool)
    }
  }
}

/// Σ dz xᵀ of one layer.
private struct GradientSum {
  private var product: Matrix
  private var sums: [Double]

  init(rows: Int, columns: Int) {
    product = Matrix(rows: rows, columns: columns)
    sums = Array(repeating: 0, count: product.count)
  }

  mutating func add(_ deltas: SampleBlock, times input: SampleBlock, pool: WorkerPool) {
    MatrixProduct.multiply(
      deltas.values, transposed: false, input.values, transposed: true, into: &product, pool: pool)
    product.add(to: &sums)
  }

  func matrix(scale: Double) -> Matrix {
    Matrix(rows: product.rows, columns: product.columns, sums.map { Float($0 * scale) })
  }
}
