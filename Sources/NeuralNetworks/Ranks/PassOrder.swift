import Engine
import NumericCore

/// A pass over samples that all ranks divide among them, as each of them is told of it.
struct PassOrder {
  /// What comes of the pass.
  enum Kind {
    /// The outputs of a network without units that nothing reads, in blocks of so many samples; of the one in
    /// training where no layers are given.
    case outputs(of: [DenseLayer]?, blockSize: Int)
    case statistics(
      of: [DenseLayer], weighting: OutputWeighting, probes: OutputProbes?, covariancesOf: [Int])
    /// What a layer is refitted from: those below it as they are, and as they were with it.
    case refit(above: [DenseLayer], to: [DenseLayer])
  }

  let kind: Kind
  /// Which of the data that the ranks have.
  let data: Int
  let rows: [Int32]
  /// Of each rank.
  let threads: Int

  init(_ kind: Kind, data: Int, rows: [Int32], threads: Int) {
    (self.kind, self.data, self.rows, self.threads) = (kind, data, rows, threads)
  }

  init(_ message: inout RankMessage) {
    switch message.read(UInt8.self) {
    case 0:
      let layers = message.read(Bool.self) ? message.readLayers() : nil
      kind = .outputs(of: layers, blockSize: message.read())
    case 1:
      let layers = message.readLayers()
      let weighting = OutputWeighting.all[message.read(Int.self)]
      let probes =
        message.read(Bool.self) ? OutputProbes(count: message.read(), seed: message.read()) : nil
      kind = .statistics(
        of: layers, weighting: weighting, probes: probes, covariancesOf: message.readArray())
    default: kind = .refit(above: message.readLayers(), to: message.readLayers())
    }
    data = message.read()
    rows = message.readArray()
    threads = message.read()
  }

  func write(to message: inout RankMessage) {
    switch kind {
    case .outputs(let layers, let blockSize):
      message.write(UInt8(0))
      message.write(layers != nil)
      if let layers { message.write(layers) }
      message.write(blockSize)
    case .statistics(let layers, let weighting, let probes, let covariances):
      message.write(UInt8(1))
      message.write(layers)
      message.write(OutputWeighting.all.firstIndex(of: weighting) ?? 0)
      message.write(probes != nil)
      if let probes {
        message.write(probes.count)
        message.write(probes.seed)
      }
      message.write(covariances)
    case .refit(let below, let target):
      message.write(UInt8(2))
      message.write(below)
      message.write(target)
    }
    message.write(data)
    message.write(rows)
    message.write(threads)
  }

  /// Does this rank's part of the pass.
  ///
  /// - Parameter training: the parameters that are trained just now.
  func takePart(
    on samples: SampleSet, training: ChainParameters?, among ranks: any Collective,
    pool: WorkerPool
  ) {
    switch kind {
    case .outputs(let layers, let blockSize):
      guard let parameters = layers.map({ ChainParameters($0, trains: false) }) ?? training else {
        preconditionFailure("a network, or one in training")
      }
      _ = SharedOutputs(
        of: parameters, samples, rows: rows, blockSize: blockSize, among: ranks, pool: pool)
    case .statistics(let layers, let weighting, let probes, let covariances):
      _ = StatisticsSums.measure(
        layers, weighting: weighting, probes: probes, covariancesOf: covariances,
        data: samples.inputs,
        rows: rows, pool: pool, among: ranks)
    case .refit(let below, let target):
      // What the units are to have is computed anew, in the bits that rank 0 has kept.
      _ = TargetActivations(
        of: target, data: samples.inputs, rows: rows, keepingAtMost: 0, pool: pool
      )
      .moments(above: below, among: ranks, pool: pool)
    }
  }
}

extension OutputWeighting {
  /// In the order by which messages number them.
  fileprivate static let all: [OutputWeighting] = [.none, .euclidean, .logistic, .softmax]
}
