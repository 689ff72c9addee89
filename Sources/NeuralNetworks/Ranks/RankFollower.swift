import Engine
import NumericCore

/// A rank other than the first: it does what it is told until it is let go.
///
/// A class, because orders change what it holds.
package final class RankFollower {
  private let collective: any Collective
  private let makePool: (_ threads: Int) throws -> WorkerPool
  private var pool: WorkerPool?
  private var data: [SampleSet] = []
  private var shards: [ShardedInputs] = []
  private var training: SharedTraining?
  private var fit: OutputFit?

  /// - Parameter makePool: makes a pool of so many threads, once.
  package init(
    _ collective: any Collective, makePool: @escaping (_ threads: Int) throws -> WorkerPool
  ) {
    self.collective = collective
    self.makePool = makePool
  }

  /// Follows orders until the last.
  ///
  /// - Throws: what making a pool throws.
  package func serve() throws {
    while true {
      var message = collective.receive()
      switch RankOrder(&message) {
      case .data(let samples): data.keep(samples)
      case .shard(let rows, let columns):
        shards.append(
          ShardedInputs(number: shards.count, rows: rows, columns: columns, among: collective))
      case .shardedData(let shard, let targets):
        data.keep(SampleSet(sharded: shards[shard], targets: targets))
      case .fetch(let shard, let rows):
        var exchange = ShardExchange(shards[shard], capacity: rows.count, among: collective)
        exchange.collect(rows)
      case .begin(let setup, let index):
        let pool = try pool(threads: setup.threads)
        // First the memory of the last one is free.
        training = nil
        training = SharedTraining(setup, on: data[index], among: collective, pool: pool)
      case .step(let rows, let rule, let number):
        guard let training else { preconditionFailure("a step follows its beginning") }
        training.step(rows: rows, rule: rule, number: number)
      case .collectMoments: training?.giveMoments()
      case .pass(let pass):
        pass.takePart(
          on: data[pass.data], training: training?.parameters, among: collective,
          pool: try pool(threads: pass.threads))
      case .fit(.begin(let setup)):
        fit = nil
        fit = OutputFit(setup, among: collective, nil, pool: try pool(threads: setup.threads))
      case .fit(let order): fit?.follow(order, data: data)
      case .regress(let order):
        _ = order.regression.fits(
          of: order.questions, among: collective, pool: try pool(threads: order.threads))
      case .end: return
      }
    }
  }

  private func pool(threads: Int) throws -> WorkerPool {
    if let pool { return pool }
    let made = try makePool(threads)
    pool = made
    return made
  }
}

/// A training's steps, as far as a rank other than the first takes part.
///
/// A class, because it owns working memory that is changed in place.
private final class SharedTraining {
  private let setup: ChainSetup
  private let samples: SampleSet
  let parameters: ChainParameters
  private let chain: TrainingChain
  private let moments: ChainMoments
  private let pool: WorkerPool
  private var targets: BatchTargets
  private var inputs: ReadAhead

  init(
    _ setup: ChainSetup, on samples: SampleSet, among collective: any Collective, pool: WorkerPool
  ) {
    self.pool = pool
    self.samples = samples
    self.setup = setup
    // What is received is let go as soon as the chain has it in its own form.
    let parameters = ChainParameters(collective.receiveLayers(), trains: true)
    self.parameters = parameters
    let shares = ChainShares(
      parameters, capacity: setup.capacity, among: collective,
      dividesSamples: setup.sharing == .samplesAndRows)
    moments = ChainMoments(
      parameters, hasFirst: setup.hasFirst, hasSecond: setup.hasSecond, shares: shares
    ) { collective.receiveMoments() }
    chain = TrainingChain(
      parameters: parameters, moments: moments, capacity: setup.capacity,
      clips: setup.clipNorm != nil, shares: shares, dropout: setup.dropout, pool: pool)
    targets = BatchTargets(outputs: parameters.outputs, capacity: setup.capacity)
    inputs = ReadAhead(samples, batch: setup.capacity, pool: pool, among: collective)
  }

  func step(rows: ArraySlice<Int32>, rule: UpdateRule, number: Int) {
    targets.gather(samples.targets, rows: rows, for: setup.loss, pool: pool)
    let loss = inputs.withRows(rows.indices, of: rows) { data, places in
      chain.propagate(
        data, rows: places, loss: setup.loss, labels: targets.labels, values: targets.values,
        scale: 1 / Float(places.count), step: number)
    }
    // Rank 0 sees the same sum, and ends the training there.
    if loss.isFinite { chain.update(rule, clipNorm: setup.clipNorm) }
  }

  func giveMoments() { _ = (moments.firstLayers, moments.secondLayers) }
}
