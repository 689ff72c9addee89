import CKernels
import NumericCore

/// One pass over samples that sums, for every weight of a chain of affine maps, h, h·a and h·a²,
/// where a is the weight's input and h the squared sensitivity of the chain's outputs to its unit.
///
/// Samples go by in chunks of a fixed size. Blocks of a chunk's samples are carried forward and
/// backward in parallel; then the products H Ãᵀ and H (Ã∘Ã)ᵀ are taken in parallel, strip by strip of
/// the inputs, in Float32 within a chunk and added in Double across chunks. All of it is cut by shape
/// alone, so the sums are the same bits for any number of threads.
///
/// A class, because it owns memory that tasks fill at disjoint places.
final class StatisticsPass {
  let chain: StatisticsChain
  private let tiles: [StatisticsTile]
  let pool: WorkerPool
  let product: DenseProduct
  private let parameters: FloatBuffer
  /// Distance between rows of `sensitivities`.
  private let stride: Int
  /// ã of every map's inputs.
  private let stripSpace: FloatBuffer
  let strips: StatisticsStrips
  /// h of every unit, [units, stride].
  private let sensitivities: FloatBuffer
  /// Working memory of one thread, and of all.
  let share: Int
  let space: FloatBuffer
  private(set) var sums: StatisticsSums

  /// Samples of a full chunk.
  static let chunkSize = 1024
  /// Most samples from which the reference values of the inputs are taken.
  static let referenceSize = StatisticsBlock.fullWidth

  /// Sets up memory for `samples` samples, at least 1.
  init(
    _ maps: [AffineMap], weighting: OutputWeighting, probes: OutputProbes?, samples: Int,
    pool: WorkerPool, product: DenseProduct
  ) {
    self.product = product
    chain = StatisticsChain(maps, weighting: weighting, probes: probes)
    tiles = StatisticsTile.tiles(of: chain)
    self.pool = pool
    parameters = FloatBuffer(count: chain.parameterCount)
    chain.fill(parameters.start, from: maps)
    // 16 more than a power of two: rows a multiple of the page size apart would evict one another.
    let chunk = StatisticsPass.padded(min(samples, StatisticsPass.chunkSize))
    stride = chunk + 16
    let distance = StatisticsStrips.distance(samples: chunk)
    stripSpace = FloatBuffer(count: chain.stripCount * distance)
    strips = StatisticsStrips(start: stripSpace.start, distance: distance)
    sensitivities = FloatBuffer(count: chain.sensitivityRows * stride)
    share = max(
      chain.spaceRows * StatisticsBlock.fullWidth,
      tiles.reduce(0) { max($0, $1.scratchSize(samples: chunk)) })
    space = FloatBuffer(count: pool.threadCount * share)
    sums = StatisticsSums(chain)
  }

  private static func padded(_ count: Int) -> Int { (count + 15) & ~15 }

  /// Chooses the value by which each input is centred: its mean over samples spread evenly over `all`,
  /// at most `referenceSize` of them. Comes before the first `add`.
  func chooseReferences(_ data: Matrix, from all: [Int32]) {
    precondition(!all.isEmpty)
    let spread = min(all.count, StatisticsPass.referenceSize)
    let rows = (0..<spread).map { all[$0 * all.count / spread] }
    // As long as they are 0, centred values are the values themselves.
    forEachBlock(of: data, rows: rows[...]) { block, references in
      _ = block.forward(references: references)
    }
    for link in chain.links {
      let totals = inputSums(of: link, samples: rows.count)
      for input in 0..<link.inputs {
        sums.references[link.reference + input] = Float(totals[2 * input] / Double(rows.count))
      }
    }
    chain.absorb(sums.references, into: parameters.start)
  }

  /// (Σ ã, Σ ã²) of every input of one map over the first `samples` samples of the chunk.
  func inputSums(of link: StatisticsChain.Link, samples: Int) -> [Double] {
    var totals = [Double](repeating: 0, count: 2 * link.inputs)
    totals.withUnsafeMutableBufferPointer { totals in
      guard let totals = totals.baseAddress else { return }
      for index in 0..<StatisticsStrips.count(inputs: link.inputs) {
        let strip = strips.strip(index, of: link)
        strip.addSums(samples: samples, to: totals + 2 * strip.firstInput)
      }
    }
    return totals
  }

  /// Adds the samples `rows`, at most a chunk, of sample-major `data` [rows, inputs].
  func add(_ data: Matrix, rows: ArraySlice<Int32>) {
    precondition(rows.count <= StatisticsPass.chunkSize)
    forEachBlock(of: data, rows: rows) { block, references in
      block.backward(outputs: block.forward(references: references))
    }
    addProducts(samples: rows.count)
    sums.samples += rows.count
  }

  /// Calls `body` with blocks of the samples `rows`, inputs in place, and the references.
  func forEachBlock(
    of data: Matrix, rows: ArraySlice<Int32>,
    _ body: (StatisticsBlock, _ references: UnsafePointer<Float>) -> Void
  ) {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    let (chain, parameters, space, share) = (chain, parameters.start, space.start, share)
    let (strips, sensitivities, stride) = (strips, sensitivities.start, stride)
    let product = product
    let (full, count) = (StatisticsBlock.fullWidth, rows.count)
    let firstBlock = sums.samples / full
    data.withElements { data in
      rows.withUnsafeBufferPointer { rows in
        sums.references.withUnsafeBufferPointer { references in
          guard let data = data.baseAddress, let references = references.baseAddress else { return }
          pool.run(tasks: (count + full - 1) / full) { task, worker in
            let start = task * full
            let live = min(full, count - start)
            let block = StatisticsBlock(
              chain: chain, product: product, parameters: parameters,
              space: space + worker * share, strips: strips, firstSample: start,
              sensitivities: sensitivities + start, stride: stride,
              width: StatisticsPass.padded(live), live: live, ordinal: firstBlock + task)
            block.gather(data, rows: rows.baseAddress! + start, references: references)
            body(block, references)
          }
        }
      }
    }
  }

  /// Adds the products of what the blocks left.
  private func addProducts(samples: Int) {
    let (tiles, stride, share, space) = (tiles, stride, share, space.start)
    let (strips, sensitivities, product) = (strips, sensitivities.start, product)
    let padded = StatisticsPass.padded(samples)
    sums.withAccumulators { pairSums, weightSums in
      pool.run(tasks: tiles.count) { task, worker in
        tiles[task].add(
          strips: strips, sensitivities: sensitivities, stride: stride, live: samples,
          padded: padded, product: product, scratch: space + worker * share,
          pairSums: pairSums, weightSums: weightSums)
      }
    }
  }
}

/// Zeroed memory aligned for vectors.
final class FloatBuffer {
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * 4, alignment: 64)
    start = raw.bindMemory(to: Float.self, capacity: max(count, 1))
    start.initialize(repeating: 0, count: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}
