import CKernels
import NumericCore

/// One pass over samples that sums what a layer is refitted from: products of the inputs that the layer has in
/// a chain, and of these with the pre-activations that it is to have.
///
/// Samples go by in chunks: blocks of them are carried through the chain in parallel, then products are taken
/// strip by strip, in Float32 within a chunk and added in Double. All of it is cut by shape alone, so the sums
/// are the same bits for any number of threads.
///
/// A class, because it owns memory that tasks fill at disjoint places.
private final class RefitPass {
  private let samples: SampleBlocks
  private let chain: ChainParameters
  private let source: TargetActivations.Source
  private let pool: WorkerPool
  private let memory = ChainMemory()
  /// Of a chunk, ã and z̃*.
  private let inputs: StatisticsStrips.Values
  private let targets: StatisticsStrips.Values
  private let products: StripProducts
  /// What this process does of the pass, and how values reach the others; nil for all of it.
  private let shares: PassShares?
  private let exchange: ChunkExchange?
  /// Floats of each of the two areas of a worker.
  private let area: Int
  /// By which values are centred, in this order: inputs, targets.
  private var references: (inputs: [Float], targets: [Float])

  /// Blocks of a chunk.
  private static let chunk = StatisticsPass.chunkSize / SampleBlocks.size

  /// - Parameter below: the layers of the chain below the one that is refitted.
  init(
    below: [DenseLayer], source: TargetActivations.Source, samples: SampleBlocks,
    shares: PassShares?, pool: WorkerPool
  ) {
    chain = ChainParameters(below, trains: false)
    (self.source, self.samples, self.pool) = (source, samples, pool)
    let inputs = chain.outputs
    let most = min(samples.padded, StatisticsPass.chunkSize)
    let distance = StatisticsStrips.distance(samples: most)
    let memory = memory
    let strips = { (count: Int) in
      StatisticsStrips.Values(
        start: memory.zeros(StatisticsStrips.count(inputs: count) * distance),
        distance: distance, inputs: count)
    }
    self.inputs = strips(inputs)
    targets = strips(source.outputs)
    self.shares = shares
    exchange = shares.map { [inputs = self.inputs, targets] in
      ChunkExchange(inputs.exchanged + targets.exchanged, samples: most, shares: $0)
    }
    area = max(
      samples.areaSize(of: chain), source.areaSize, source.outputs * SampleBlocks.size,
      StripProducts.scratch)
    // Two areas to carry values in, and one for what comes of the targets.
    let share = 3 * area
    products = StripProducts(
      product: samples.product, pool: pool, space: memory.zeros(pool.threadCount * share),
      share: share, shares: shares)
    references = (
      Array(repeating: 0, count: inputs), Array(repeating: 0, count: source.outputs)
    )
  }

  /// Chooses the values by which inputs and targets are centred: their means over some blocks, spread evenly.
  ///
  /// Such a mean is some deviations at most from that of all samples, which is near enough for its purpose.
  private func chooseReferences() {
    let count = min(samples.count, Self.chunk)
    let live = carry((0..<count).map { $0 * samples.count / count })
    func means(_ values: StatisticsStrips.Values) -> [Float] {
      let sums = values.sums(samples: live)
      return (0..<values.inputs).map { Float(sums[2 * $0] / Double(live)) }
    }
    references = (means(inputs), means(targets))
  }

  /// The moments over all samples.
  func moments() -> RefitMoments {
    chooseReferences()
    var gram = GramSums(inputs: inputs.inputs)
    var cross = [Double](repeating: 0, count: targets.inputs * inputs.inputs)
    var sums = [Double](repeating: 0, count: 2 * targets.inputs)
    var isComplete = true
    for start in stride(from: 0, to: samples.count, by: Self.chunk) {
      // Where the work is given up, on all ranks at the same place.
      if shares?.collective.decided(pool.isAbandoned) == true {
        isComplete = false
        break
      }
      let live = carry(Array(start..<min(samples.count, start + Self.chunk)))
      gram.add(inputs, samples: live, by: products)
      products.add(targets, inputs, samples: live, to: &cross)
      for (index, sum) in targets.sums(samples: live).enumerated() { sums[index] += sum }
    }
    if isComplete {
      gram.collect(inputs, by: products)
      products.collect(targets, inputs, &cross)
    }
    let count = Double(samples.samples)
    let shift = gram.shifts(samples: samples.samples)
    let targetShift = (0..<targets.inputs).map { sums[2 * $0] / count }
    for unit in 0..<targets.inputs {
      for input in 0..<inputs.inputs {
        let index = unit * inputs.inputs + input
        cross[index] = cross[index] / count - targetShift[unit] * shift[input]
      }
    }
    return RefitMoments(
      covariance: gram.covariance(references: references.inputs[...], samples: samples.samples),
      cross: cross, targetMean: zip(references.targets, targetShift).map { Double($0) + $1 },
      targetVariance: targetShift.indices.map {
        max(0, sums[2 * $0 + 1] / count - targetShift[$0] * targetShift[$0])
      })
  }

  /// Puts the values of `blocks`, ascending, centred, into the strips.
  ///
  /// - Returns: how many samples these are.
  private func carry(_ blocks: [Int]) -> Int {
    let (samples, source, chain, area, products) = (samples, source, chain, area, products)
    let (inputs, targets) = (inputs, targets)
    let own = shares?.own(of: blocks.count) ?? blocks.indices
    references.inputs.withUnsafeBufferPointer { inputReferences in
      references.targets.withUnsafeBufferPointer { targetReferences in
        guard let inputReferences = inputReferences.baseAddress,
          let targetReferences = targetReferences.baseAddress
        else { return }
        pool.run(tasks: own.count) { task, worker in
          let block = blocks[own.lowerBound + task]
          let (_, width) = samples.columns(of: block)
          let first = (own.lowerBound + task) * SampleBlocks.size
          let start = products.space + worker * products.share
          let areas = (start, start + area)
          let target = start + 2 * area
          source.read(block: block, into: target, areas: areas)
          eck_center_strips(
            targets.inputs, width, targetReferences, target, targets.start, targets.distance,
            first)
          samples.gather(block, into: areas.0)
          let x = chain.forward(
            layers: chain.count, areas: areas, width: width, product: samples.product)
          eck_center_strips(
            inputs.inputs, width, inputReferences, x, inputs.start, inputs.distance, first)
        }
      }
    }
    if let shares, let exchange {
      let padded = blocks.reduce(0) { $0 + samples.columns(of: $1).width }
      exchange.gather(
        shares.starts(of: blocks.count).map { min(padded, $0 * SampleBlocks.size) }, pool: pool)
    }
    return blocks.reduce(0) { $0 + samples.columns(of: $1).live }
  }
}

extension TargetActivations {
  /// What the units of the layer above `below` are refitted from: the inputs that these layers make of the
  /// samples, and the layer's z*.
  ///
  /// - Parameters:
  ///   - below: at least one layer.
  ///   - ranks: divide the pass, so that each of them calls this with the same; only the first is given what
  ///     comes out. Nil for this process alone.
  ///   - pool: where it is abandoned, the moments are worth nothing.
  package func moments(
    above below: [DenseLayer], among ranks: (any Collective)? = nil, pool: WorkerPool
  ) -> RefitMoments {
    precondition(
      below.indices.contains(0) && below.count < layers.count
        && below[below.count - 1].outputs == layers[below.count].inputs,
      "a chain of the same widths")
    return RefitPass(
      below: below, source: source(ofLayer: below.count), samples: samples,
      shares: ranks.map(PassShares.init), pool: pool
    )
    .moments()
  }
}
