import CKernels
import NumericCore

/// How much changes of what a chain's hidden layers give count at its outputs, to second order.
package enum HiddenGradients {
  /// For every layer but the last B = E Σ_k g_k g_kᵀ, with g_k the gradient of seed_kᵀ y by the layer's
  /// activations a, so that a change δ of a costs E δᵀ B δ where it does not depend on the sample;
  /// [units, units], both triangles. What seeds are follows from `weighting`: Σ_k seed_k seed_kᵀ = M.
  ///
  /// Products are taken in Float32 within some thousand gradients and added in Double. All of it is cut by
  /// shape alone, so the sums are the same bits for any number of threads.
  ///
  /// - Parameters:
  ///   - weighting: with `none` the layer above counts as it is, B = Wᵀ W.
  ///   - probes: estimate the sum over outputs by random combinations; nil for all outputs.
  ///   - rows: the samples, at least one, as rows of `data` [rows, inputs].
  ///   - pool: where it is abandoned, the sums are worth nothing.
  package static func squares(
    of layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes? = nil, data: Matrix,
    rows: [Int32], pool: WorkerPool, product: DenseProduct = .tiles
  ) -> [[Double]] {
    guard layers.count > 1 else { return [] }
    if weighting == .none { return layers.dropFirst().map(\.squares) }
    return GradientPass(
      layers, weighting: weighting, probes: probes,
      samples: SampleBlocks(data: data, rows: rows, product: product), pool: pool
    ).squares()
  }
}

/// One pass over samples that carries them down a chain and gradients of its outputs up again.
///
/// A class, because it owns memory that tasks fill at disjoint places.
private final class GradientPass {
  private let chain: ChainParameters
  private let seeds: OutputSeeds
  private let samples: SampleBlocks
  private let pool: WorkerPool
  private let memory = ChainMemory()
  /// Blocks of samples whose gradients are multiplied at a time.
  private let chunk: Int
  /// Gradients of each layer but the last, pass behind pass.
  private let gradients: [StatisticsStrips.Values]
  /// By which these are centred: 0.
  private let zeros: UnsafeMutablePointer<Float>
  /// Of a worker: three areas for values, one for each layer's derivatives, and `seeds.areas` for seeds; or a
  /// piece of a product.
  private let share: Int
  private let space: UnsafeMutablePointer<Float>

  /// Gradients that are multiplied at a time, about.
  private static let rows = 2048

  init(
    _ layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes?,
    samples: SampleBlocks,
    pool: WorkerPool
  ) {
    let chain = ChainParameters(layers, trains: true)
    let seeds = OutputSeeds(weighting, outputs: chain.outputs, probes: probes)
    (self.chain, self.seeds, self.samples, self.pool) = (chain, seeds, samples, pool)
    chunk = max(1, min(samples.count, Self.rows / (SampleBlocks.size * seeds.passes)))
    let (memory, most) = (memory, chunk * SampleBlocks.size * seeds.passes)
    gradients = chain.layers.dropLast().map { layer in
      let distance = StatisticsStrips.distance(samples: most)
      return StatisticsStrips.Values(
        start: memory.zeros(StatisticsStrips.count(inputs: layer.outputs) * distance),
        distance: distance, inputs: layer.outputs)
    }
    zeros = memory.zeros(chain.layers.reduce(0) { max($0, $1.outputs) })
    let derivatives = chain.layers.reduce(0) { $0 + $1.outputs } * SampleBlocks.size
    share = max(
      3 * samples.areaSize(of: chain) + derivatives
        + OutputSeeds.areas * chain.outputs * SampleBlocks.size, StripProducts.scratch)
    space = memory.zeros(pool.threadCount * share)
  }

  func squares() -> [[Double]] {
    var sums = gradients.map { [Double](repeating: 0, count: $0.inputs * $0.inputs) }
    let products = StripProducts(product: samples.product, pool: pool, space: space, share: share)
    for start in stride(from: 0, to: samples.count, by: chunk) {
      let rows = carry(start..<min(samples.count, start + chunk))
      for (index, values) in gradients.enumerated() {
        products.addSquare(values, samples: rows, to: &sums[index])
      }
    }
    return zip(sums, gradients).map { sums, values in
      let (n, count) = (values.inputs, Double(samples.samples))
      var result = sums
      for row in 0..<n {
        for column in row..<n {
          result[row * n + column] = sums[row * n + column] / count
          result[column * n + row] = result[row * n + column]
        }
      }
      return result
    }
  }

  /// Puts the gradients of `blocks` into the strips; those of padding are 0.
  ///
  /// - Returns: how many these are.
  private func carry(_ blocks: Range<Int>) -> Int {
    let (samples, chain, seeds, zeros) = (samples, chain, seeds, zeros)
    let (gradients, space, share) = (gradients, space, share)
    let rows = blocks.reduce(0) { $0 + samples.columns(of: $1).width }
    pool.run(tasks: blocks.count) { task, worker in
      let block = blocks.lowerBound + task
      let (live, width) = samples.columns(of: block)
      let area = samples.areaSize(of: chain)
      let start = space + worker * share
      var (x, a) = (start, start + area)
      let z = start + 2 * area
      var derivatives: [UnsafeMutablePointer<Float>] = []
      var free = start + 3 * area
      samples.gather(block, into: x)
      for layer in chain.layers {
        layer.forward(
          x, stride: width, width: width, z: layer.needsPreactivation ? z : a, a: a, stride: width,
          product: samples.product)
        layer.derivative(layer.needsPreactivation ? z : a, a, width: width, into: free)
        derivatives.append(free)
        free += layer.outputs * SampleBlocks.size
        swap(&x, &a)
      }
      let outputs = OutputSeeds.Block(
        y: x, live: live, width: width, ordinal: block, space: free)
      seeds.prepare(outputs)
      for pass in 0..<seeds.passes {
        seeds.write(pass, outputs, into: a)
        var (above, below) = (a, z)
        for index in chain.layers.indices.dropFirst().reversed() {
          let layer = chain.layers[index]
          eck_multiply(layer.outputs * width, derivatives[index], above)
          layer.transposed(
            above, stride: width, width: width, into: below, stride: width,
            product: samples.product)
          let values = gradients[index - 1]
          eck_center_strips(
            values.inputs, width, zeros, below, values.start, values.distance,
            pass * rows + task * SampleBlocks.size)
          swap(&above, &below)
        }
      }
    }
    return seeds.passes * rows
  }
}

extension DenseLayer {
  /// Wᵀ W, [inputs, inputs].
  fileprivate var squares: [Double] {
    let rows = weights.withSpan { span in span.indices.map { Double(span[$0]) } }
    var columns = [Double](repeating: 0, count: rows.count)
    for row in 0..<outputs {
      for input in 0..<inputs { columns[input * outputs + row] = rows[row * inputs + input] }
    }
    var result = [Double](repeating: 0, count: inputs * inputs)
    DoubleProduct.multiply(m: inputs, n: inputs, k: outputs, columns, rows, into: &result)
    return result
  }
}
