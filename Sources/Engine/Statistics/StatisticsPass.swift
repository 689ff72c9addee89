import CKernels
import NumericCore

/// One pass over samples that sums, for every weight of a chain of layers, h, h·a and h·a²,
/// where a is the weight's input and h the squared sensitivity of the chain's outputs to its unit.
///
/// Samples go by in chunks of a fixed size. Blocks of a chunk's samples are carried forward and
/// backward in parallel; then the products H Ãᵀ and H (Ã∘Ã)ᵀ are taken in parallel, strip by strip of
/// the inputs, in Float32 within a chunk and added in Double across chunks. All of it is cut by shape
/// alone, so the sums are the same bits for any number of threads.
///
/// A class, because it owns memory that tasks fill at disjoint places.
final class StatisticsPass {
  let layout: StatisticsLayout
  /// Those of this process, the costliest first.
  private let tiles: [StatisticsTile]
  /// What this process does of the pass; nil for all of it.
  let shares: PassShares?
  /// Gives ranks one another's values; nil for a process alone.
  private let exchange: ChunkExchange?
  let pool: WorkerPool
  let product: DenseProduct
  /// With biases for inputs as they are centred.
  private let parameters: ChainParameters
  private let squares: UnsafeMutablePointer<Float>
  private let memory = ChainMemory()
  /// Distance between rows of `sensitivities`.
  private let stride: Int
  /// ã of every layer's inputs.
  let strips: StatisticsStrips
  /// h of every unit, [units, stride].
  private let sensitivities: UnsafeMutablePointer<Float>
  /// Working memory of one thread, and of all.
  let share: Int
  let space: UnsafeMutablePointer<Float>
  private(set) var sums: StatisticsSums

  /// Samples of a full chunk.
  static let chunkSize = 1024
  /// Most samples from which the reference values of the inputs are taken.
  static let referenceSize = StatisticsBlock.fullWidth

  /// Sets up memory for `samples` samples, at least 1.
  ///
  /// - Parameter shares: where ranks divide the pass: then every rank calls the same functions.
  init(
    _ layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes?, samples: Int,
    shares: PassShares? = nil, pool: WorkerPool, product: DenseProduct
  ) {
    self.product = product
    self.shares = shares
    // Of the last layer whole rows are read, so it stays a matrix.
    parameters = ChainParameters(
      layers.dropLast() + [layers[layers.count - 1].unmasked], trains: true)
    layout = StatisticsLayout(
      parameters.layers, influential: InfluentialUnits.layers(of: layers), weighting: weighting,
      probes: probes)
    squares = StatisticsPass.squares(
      of: parameters.layers[parameters.count - 1], summed: layout.seeds.isUnit, memory)
    let all = StatisticsTile.tiles(of: layout).flatMap { $0 }
    tiles = StatisticsTile.ordered(
      all[shares.map { $0.own($0.starts(of: all.map(\.cost))) } ?? all.indices])
    self.pool = pool
    // 16 more than a power of two: rows a multiple of the page size apart would evict one another.
    let chunk = StatisticsPass.padded(min(samples, StatisticsPass.chunkSize))
    stride = chunk + 16
    let distance = StatisticsStrips.distance(samples: chunk)
    strips = StatisticsStrips(
      start: memory.zeros(layout.stripCount * distance), distance: distance)
    sensitivities = memory.zeros(layout.sensitivityRows * stride)
    share = max(
      layout.spaceRows * StatisticsBlock.fullWidth,
      StripProducts.scratch,
      tiles.reduce(0) { max($0, $1.scratchSize(samples: chunk)) })
    exchange = shares.map { [layout, strips, sensitivities, stride] in
      let inputs = layout.layers.flatMap { strips.values(of: $0).exchanged }
      let units = (0..<layout.sensitivityRows).map {
        ChunkExchange.Row(start: sensitivities + $0 * stride, width: 1)
      }
      return ChunkExchange(inputs + units, samples: chunk, shares: $0)
    }
    space = memory.zeros(pool.threadCount * share)
    sums = StatisticsSums(layout)
  }

  /// W² of the last layer, or its sum over outputs: for the last hidden layer's closed form,
  /// h_i = σ'(z_i)² Σ_k m_k W_ki².
  private static func squares(
    of last: WorkingLayer, summed: Bool, _ memory: ChainMemory
  ) -> UnsafeMutablePointer<Float> {
    let squares = memory.zeros(last.weightCount)
    if !summed {
      for i in 0..<last.weightCount { squares[i] = last.weights[i] * last.weights[i] }
      return squares
    }
    for unit in 0..<last.inputs {
      var sum = 0.0
      for output in 0..<last.outputs {
        let weight = Double(last.weights[output * last.inputs + unit])
        sum += weight * weight
      }
      squares[unit] = Float(sum)
    }
    return squares
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
    for places in layout.layers {
      let totals = strips.values(of: places).sums(samples: rows.count)
      for input in 0..<places.inputs {
        sums.references[places.reference + input] = Float(totals[2 * input] / Double(rows.count))
      }
    }
    absorbReferences()
  }

  /// Makes biases fit centred inputs: W x + b = W (x − r) + (b + W r).
  ///
  /// It also keeps digits of z where the mean of an input is far larger than its deviation.
  private func absorbReferences() {
    let references = sums.references
    for (layer, places) in zip(parameters.layers, layout.layers) {
      for output in 0..<layer.outputs {
        let start = layer.start(ofRow: output)
        let row = layer.weights + start
        var bias = Double(layer.bias[output])
        for place in 0..<layer.start(ofRow: output + 1) - start {
          let input = layer.survivors.map { Int($0.indices[start + place]) } ?? place
          bias += Double(row[place]) * Double(references[places.reference + input])
        }
        layer.bias[output] = Float(bias)
      }
    }
  }

  /// Adds the samples `rows`, at most a chunk, of sample-major `data` [rows, inputs].
  func add(_ data: Matrix, rows: ArraySlice<Int32>) {
    precondition(rows.count <= StatisticsPass.chunkSize)
    let blocks = StatisticsPass.blocks(of: rows.count)
    forEachBlock(of: data, rows: rows, blocks: shares?.own(of: blocks)) { block, references in
      block.backward(outputs: block.forward(references: references))
    }
    if let shares, let exchange {
      let padded = StatisticsPass.padded(rows.count)
      exchange.gather(
        shares.starts(of: blocks).map { min(padded, $0 * StatisticsBlock.fullWidth) }, pool: pool)
    }
    addProducts(samples: rows.count)
    sums.samples += rows.count
  }

  private static func blocks(of samples: Int) -> Int {
    (samples + StatisticsBlock.fullWidth - 1) / StatisticsBlock.fullWidth
  }

  /// Calls `body` with blocks of the samples `rows`, inputs in place, and the references.
  ///
  /// - Parameter blocks: which of them; nil for all.
  func forEachBlock(
    of data: Matrix, rows: ArraySlice<Int32>, blocks: Range<Int>? = nil,
    _ body: (StatisticsBlock, _ references: UnsafePointer<Float>) -> Void
  ) {
    precondition(rows.allSatisfy { $0 >= 0 && $0 < data.rows }, "indices are rows of the data")
    let (layout, layers, squares) = (layout, parameters.layers, squares)
    let (space, share, product) = (space, share, product)
    let (strips, sensitivities, stride) = (strips, sensitivities, stride)
    let (full, count) = (StatisticsBlock.fullWidth, rows.count)
    let firstBlock = sums.samples / full
    let blocks = blocks ?? 0..<StatisticsPass.blocks(of: count)
    data.withElements { data in
      rows.withUnsafeBufferPointer { rows in
        sums.references.withUnsafeBufferPointer { references in
          guard let data = data.baseAddress, let references = references.baseAddress else { return }
          pool.run(tasks: blocks.count) { task, worker in
            let ordinal = blocks.lowerBound + task
            let start = ordinal * full
            let live = min(full, count - start)
            let block = StatisticsBlock(
              layout: layout, layers: layers, squares: squares, product: product,
              space: space + worker * share, strips: strips, firstSample: start,
              sensitivities: sensitivities + start, stride: stride,
              width: StatisticsPass.padded(live), live: live, ordinal: firstBlock + ordinal)
            block.gather(data, rows: rows.baseAddress! + start, references: references)
            body(block, references)
          }
        }
      }
    }
  }

  /// Adds the products of what the blocks left.
  private func addProducts(samples: Int) {
    let (tiles, stride, share, space) = (tiles, stride, share, space)
    let (strips, sensitivities, product) = (strips, sensitivities, product)
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

  /// Completes the sums on rank 0 with those of other ranks' pieces, layer by layer.
  func collectSums() {
    guard let shares else { return }
    let layers = StatisticsTile.tiles(of: layout)
    let starts = shares.starts(of: layers.flatMap { $0.map(\.cost) })
    sums.withAccumulators { pairSums, weightSums in
      guard let pairs = pairSums.baseAddress else { return }
      var first = 0
      for tiles in layers {
        let runs = starts.dropLast().indices.map { rank in
          let own = (starts[rank]..<starts[rank + 1]).clamped(to: first..<first + tiles.count)
          return own.flatMap { tiles[$0 - first].runs(pairs: pairs, weights: weightSums) }
        }
        shares.collect(runs)
        first += tiles.count
      }
    }
  }
}
