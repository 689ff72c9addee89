import Engine
import NumericCore

/// The ranks of a job, as rank 0 sees them: it gives orders, which the others follow (`RankFollower`).
///
/// A class, because it remembers which data the others have.
package final class RankGroup {
  package let collective: any Collective
  /// What is divided whatever the model of costs says; nil where that decides.
  private let demanded: StepSharing?
  private let rates: RankRates
  private var sent: [SampleSet] = []
  private var shardCount = 0
  private var hasEnded = false

  /// - Parameter demanded: what is divided whatever the model of costs says.
  package init(
    _ collective: any Collective, demanded: StepSharing? = nil, rates: RankRates = RankRates()
  ) {
    precondition(collective.isFirst, "rank 0 gives the orders")
    self.collective = collective
    self.demanded = demanded
    self.rates = rates
  }

  package var size: Int { collective.size }

  /// What is divided of the steps of a training.
  ///
  /// - Parameter threads: of each rank.
  func sharing(of step: StepShape, threads: Int) -> StepSharing {
    rates.sharing(of: step, demanded: demanded, ranks: size, threads: threads)
  }

  /// Has the others prepare a training on `samples`.
  ///
  /// - Parameter parameters: made from the layers of `start`.
  /// - Returns: what this rank does of its steps.
  func begin(
    _ setup: ChainSetup, from start: ChainStart, _ parameters: ChainParameters,
    on samples: SampleSet
  ) -> ChainShares {
    give(.begin(setup, data: use(samples)))
    start.send(among: collective)
    return ChainShares(
      parameters, capacity: setup.capacity, among: collective,
      dividesSamples: setup.sharing == .samplesAndRows)
  }

  /// Whether a pass over samples is divided.
  ///
  /// - Parameter threads: of each rank.
  func shares(_ pass: PassShape, threads: Int) -> Bool {
    rates.divides(pass, demanded: demanded, ranks: size, threads: threads)
  }

  /// Sends the data where the others do not have them yet.
  ///
  /// - Returns: which of those that they keep they are.
  func use(_ samples: SampleSet) -> Int {
    if let known = sent.firstIndex(where: { $0.isStored(with: samples) }) { return known }
    if let sharded = samples.sharded {
      give(.shardedData(shard: sharded.number, samples.targets))
    } else {
      give(.data(samples))
    }
    // Kept, so that what is compared with it later cannot have taken its place in memory.
    sent.keep(samples)
    return sent.count - 1
  }

  /// The number of inputs that are handed out next.
  func nextShard() -> Int {
    shardCount += 1
    return shardCount - 1
  }

  func give(_ order: RankOrder) { collective.send(order.message) }

  /// Lets the other ranks go; later calls do nothing.
  package func end() {
    if hasEnded { return }
    hasEnded = true
    give(.end)
  }
}

extension SampleSet {
  /// Whether all rows and targets are those of `other` because they are in the same memory.
  fileprivate func isStored(with other: SampleSet) -> Bool {
    switch (source, other.source) {
    case (.resident(let own), .resident(let others)):
      guard own.sharesStorage(with: others) else { return false }
    default:
      guard let own = sharded, own.number == other.sharded?.number else { return false }
    }
    switch (targets, other.targets) {
    case (.labels(let own), .labels(let others)): return own == others
    case (.values(let own), .values(let others)): return own.sharesStorage(with: others)
    default: return false
    }
  }
}
