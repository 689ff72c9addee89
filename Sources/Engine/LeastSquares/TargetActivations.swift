import CKernels
import NumericCore

/// The pre-activations z* that a chain of layers has on its samples: what the units of another chain of the
/// same widths are refitted to.
///
/// Those of all layers but the first (nobody asks for these: they are linear in the inputs) are kept where
/// they take no more than a stated number of bytes; else they are computed anew block by block of samples, in
/// the same bits.
package struct TargetActivations: Sendable {
  package let layers: [DenseLayer]
  let samples: SampleBlocks
  /// z* of each layer, block behind block, each [outputs, width]; nil where they are not kept.
  private let kept: [Matrix?]

  /// - Parameters:
  ///   - rows: the samples, at least one, as rows of `data` [rows, inputs].
  ///   - most: bytes that may be kept.
  ///   - pool: where it is abandoned, what is kept is worth nothing.
  package init(
    of layers: [DenseLayer], data: Matrix, rows: [Int32], keepingAtMost most: Int = 256 << 20,
    pool: WorkerPool, product: DenseProduct = .tiles
  ) {
    self.layers = layers
    samples = SampleBlocks(data: data, rows: rows, product: product)
    let size = layers.dropFirst().reduce(0) { $0 + $1.outputs } * samples.padded
    let isKept = size <= most / MemoryLayout<Float>.size
    kept = isKept ? Self.activations(of: layers, on: samples, pool: pool) : layers.map { _ in nil }
  }

  /// Computes blocks of z* of one layer, which is not the first.
  struct Source {
    fileprivate let layer: Int
    fileprivate let samples: SampleBlocks
    fileprivate let kept: Matrix?
    /// Up to the layer itself; nil where z* is kept.
    fileprivate let chain: ChainParameters?
    let outputs: Int
  }

  /// z* of layer `index`.
  func source(ofLayer index: Int) -> Source {
    precondition(index > 0, "what the first layer has is linear in the inputs")
    let chain = kept[index] == nil ? ChainParameters(Array(layers[...index]), trains: false) : nil
    return Source(
      layer: index, samples: samples, kept: kept[index], chain: chain,
      outputs: layers[index].outputs)
  }

  /// z* of all layers but the first.
  private static func activations(
    of layers: [DenseLayer], on samples: SampleBlocks, pool: WorkerPool
  ) -> [Matrix?] {
    var result = layers.enumerated().map { index, layer in
      index == 0 ? nil : Matrix(rows: layer.outputs, columns: samples.padded)
    }
    if layers.count == 1 { return result }
    let chain = ChainParameters(layers, trains: false)
    let (area, memory) = (samples.areaSize(of: chain), ChainMemory())
    let space = memory.zeros(2 * area * pool.threadCount)
    // From the inputs upwards, each layer from what is known of the one below it.
    for index in layers.indices.dropFirst() {
      let below = index == 1 ? nil : result[index - 1]
      result[index]?.withMutableElements { target in
        guard let target = target.baseAddress else { return }
        pool.run(tasks: samples.count) { block, worker in
          let (_, width) = samples.columns(of: block)
          var x = space + 2 * worker * area
          let other = x + area
          if let below {
            below.withElements { z in
              chain.layers[index - 1].activate(
                z.baseAddress! + samples.start(of: block, features: below.rows), width: width,
                into: x, stride: width)
            }
          } else {
            samples.gather(block, into: x)
            x = chain.forward(layers: 1, areas: (x, other), width: width, product: samples.product)
          }
          chain.layers[index].combine(
            x, stride: width, width: width,
            into: target + samples.start(of: block, features: chain.layers[index].outputs),
            stride: width, product: samples.product)
        }
      }
    }
    return result
  }
}

extension TargetActivations.Source {
  /// Floats of each of the two areas that a block is computed in.
  var areaSize: Int { chain.map(samples.areaSize) ?? 0 }

  /// z* of block `block` becomes `target` [outputs, width].
  ///
  /// - Parameter areas: two of `areaSize` floats, overwritten.
  func read(
    block: Int, into target: UnsafeMutablePointer<Float>,
    areas: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
  ) {
    let (_, width) = samples.columns(of: block)
    guard let chain else {
      kept?.withElements { z in
        guard let z = z.baseAddress else { return }
        let start = samples.start(of: block, features: outputs)
        target.update(from: z + start, count: outputs * width)
      }
      return
    }
    samples.gather(block, into: areas.0)
    let x = chain.forward(layers: layer, areas: areas, width: width, product: samples.product)
    chain.layers[layer].combine(
      x, stride: width, width: width, into: target, stride: width, product: samples.product)
  }
}
