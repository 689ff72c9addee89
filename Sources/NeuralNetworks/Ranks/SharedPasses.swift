import Engine
import NumericCore

extension WorkerPool {
  /// The ranks that work on this pool's thread may be divided among; nil without any.
  var ranks: RankGroup? { peers as? RankGroup }
}

extension RankGroup {
  /// Has the others take part in a pass over `samples`, where dividing it pays.
  ///
  /// - Parameters:
  ///   - shape: what the pass costs.
  ///   - threads: of each rank.
  /// - Returns: the ranks, all of which are at it; nil where this one is to do it alone.
  fileprivate func begin(
    _ kind: @autoclosure () -> PassOrder.Kind, _ shape: PassShape, on samples: SampleSet,
    threads: Int
  ) -> (any Collective)? {
    guard samples.reachesRanks, shares(shape, threads: threads) else { return nil }
    let data = use(samples)
    give(.pass(PassOrder(kind(), data: data, rows: samples.indices, threads: threads)))
    return collective
  }
}

extension StatisticsSums {
  /// The sums over `samples`, at least one, and from the same pass the covariances of the inputs of the layers
  /// `wanted`; ranks that work with `pool` divide the pass where that pays.
  package static func measure(
    _ layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes? = nil,
    covariancesOf wanted: [Int] = [], on samples: SampleSet, pool: WorkerPool
  ) -> (sums: StatisticsSums, covariances: [InputCovariance]) {
    let shape = PassShape.statistics(
      of: layers, weighting: weighting, probes: probes, covariancesOf: wanted,
      samples: samples.count)
    let ranks = pool.ranks?.begin(
      .statistics(of: layers, weighting: weighting, probes: probes, covariancesOf: wanted),
      shape, on: samples, threads: pool.threadCount)
    return measure(
      layers, weighting: weighting, probes: probes, covariancesOf: wanted, data: samples.inputs,
      rows: samples.indices, pool: pool, among: ranks)
  }
}

extension TargetActivations {
  /// What the units of the layer above `below` are refitted from, over the samples that this was made with;
  /// ranks that work with `pool` divide the pass where that pays.
  package func moments(
    above below: [DenseLayer], on samples: SampleSet, pool: WorkerPool
  ) -> RefitMoments {
    let target = Array(layers[...below.count])
    let shape = PassShape.refit(
      widths: [target[0].inputs] + target.map(\.outputs), weights: below.remaining,
      targetWeights: target.remaining, samples: samples.count)
    let ranks = pool.ranks?.begin(
      .refit(above: below, to: target), shape, on: samples, threads: pool.threadCount)
    return moments(above: below, among: ranks, pool: pool)
  }
}

extension SharedOutputs {
  /// The outputs of a network for `samples`, where ranks that work with the pool divide the pass because that
  /// pays; else nil.
  ///
  /// - Parameter network: nil for the one in training, whose parameters all ranks have.
  init?(
    of parameters: ChainParameters, _ network: Network?, on samples: SampleSet, blockSize: Int,
    pool: WorkerPool
  ) {
    guard let group = pool.ranks else { return nil }
    // A rank that holds some rows alone has no room for blocks of all others where these are many, or wide.
    if let sharded = samples.sharded, !sharded.ranges.hasRoom(for: blockSize * group.size) {
      return nil
    }
    let shape = PassShape.outputs(
      of: parameters, samples: samples.count, isKnown: network == nil,
      isSharded: samples.sharded != nil)
    guard
      let ranks = group.begin(
        .outputs(
          of: network.map { LiveUnits(of: $0).compact($0).layers }, blockSize: blockSize), shape,
        on: samples,
        threads: pool.threadCount)
    else { return nil }
    self.init(
      of: parameters, samples, rows: samples.indices, blockSize: blockSize, among: ranks,
      pool: pool)
  }

  /// This rank's part of the outputs for `rows` of the data of `samples`, of which every rank has the inputs, or all
  /// have them between them.
  init(
    of parameters: ChainParameters, _ samples: SampleSet, rows: [Int32], blockSize: Int,
    among ranks: any Collective, pool: WorkerPool
  ) {
    let rank = ranks.rank
    guard let sharded = samples.sharded else {
      let data = samples.inputs
      self.init(
        of: parameters, rows: rows, blockSize: blockSize, among: ranks, pool: pool
      ) { $1(data, $0[rank]) }
      return
    }
    var exchange = ShardExchange(sharded, capacity: blockSize * ranks.size, among: ranks)
    self.init(
      of: parameters, rows: rows, blockSize: blockSize, among: ranks, pool: pool
    ) { wanted, body in
      let first = wanted[..<rank].reduce(0) { $0 + $1.count }
      exchange.withRows(Array(wanted.joined())[...]) {
        body($0, $1[first..<first + wanted[rank].count])
      }
    }
  }
}

extension PassShape {
  /// The statistics of `layers`.
  fileprivate static func statistics(
    of layers: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes?,
    covariancesOf wanted: [Int], samples: Int
  ) -> PassShape {
    let outputs = layers[layers.count - 1].outputs
    return statistics(
      widths: [layers[0].inputs] + layers.map(\.outputs), weights: layers.remaining,
      samples: samples, passes: weighting == .none ? 0 : probes?.count ?? outputs,
      covariances: wanted)
  }
}

extension [DenseLayer] {
  fileprivate var remaining: Int { reduce(0) { $0 + $1.remaining } }
}
