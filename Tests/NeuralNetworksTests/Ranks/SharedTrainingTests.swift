import Engine
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("Trainings that ranks share")
struct SharedTrainingTests {
  static let optimizers: [Optimizer] = [
    .adam(Optimizer.Adam(learningRate: 0.002)),
    .sgd(Optimizer.SGD(learningRate: 0.05, momentum: 0.9)),
    .sgd(Optimizer.SGD(learningRate: 0.05)),
  ]

  /// What a training is about.
  struct Training {
    var activation = Activation.prelu
    /// The share of the weights that is pruned in every second layer: compressed rows from 0.7 on.
    var removing = 0.4
    var optimizer = SharedTrainingTests.optimizers[0]
    var clipNorm: Double?
    var dropout: [Double] = []
    var epochs = 2
    /// Whether each rank has some rows of the inputs alone.
    var isSharded = false
    /// Asks for the moments in the middle.
    var looksInBetween = false

    /// Trains; `ranks` share the steps.
    func train(threads: Int, ranks: RankGroup? = nil) -> [[UInt32]] {
      let network = NetworkFixture.network(
        [517, 301, 203, 7], activation: activation, removing: removing)
      var samples = NetworkFixture.samples(78, inputs: 517, outputs: 7, labels: true)
      var pool = WorkerPool(threadCount: threads)
      if isSharded, let ranks {
        pool = pool.joined(to: ranks)
        samples = samples.reading(
          .stored(ranks.shard(CountedInputs(samples.inputs), pool: pool)))
      }
      let run = TrainingRun(
        state: ModelState(network: network), progress: TrainingProgress(),
        settings: TrainingSettings(
          epochs: epochs, batch: 61, loss: .crossEntropy(labelSmoothing: 0.1),
          optimizer: optimizer, clipNorm: clipNorm, dropout: dropout),
        orderSeed: 3, training: samples,
        validation: NetworkFixture.samples(33, inputs: 517, outputs: 7, labels: true, seed: 9),
        pool: pool, ranks: ranks)
      while !run.isFinished {
        _ = try? run.step()
        if looksInBetween { _ = run.state }
      }
      return run.state.bits
    }

    /// Trains on `size` ranks.
    ///
    /// - Returns: the bits that rank 0 ends with, the bytes that all ranks have received, and those of the largest
    ///   span that they had between them.
    func train(
      size: Int, _ sharing: StepSharing, threads: Int
    ) -> (bits: [[UInt32]], received: Int, largestSpan: Int) {
      let results = ThreadRanks.run(size) { [self] collective -> ([[UInt32]], Int, Int) in
        if collective.isFirst {
          let group = RankGroup(collective, demanded: sharing)
          let bits = train(threads: threads, ranks: group)
          group.end()
          return (bits, collective.received, collective.largestSpan)
        }
        let follower = RankFollower(collective) { WorkerPool(threadCount: $0) }
        try? follower.serve()
        return ([], collective.received, collective.largestSpan)
      }
      return (results[0].0, results.reduce(0) { $0 + $1.1 }, results[0].2)
    }
  }

  @Test(
    "Any number of ranks ends in the bits of one, with every optimizer, with and without clipping",
    arguments: optimizers, [nil, 0.5] as [Double?])
  func sameBits(optimizer: Optimizer, clipNorm: Double?) {
    let training = Training(optimizer: optimizer, clipNorm: clipNorm)
    let alone = training.train(threads: 1)
    for size in 1...3 {
      for sharing in StepSharing.allCases {
        #expect(
          training.train(size: size, sharing, threads: 2).bits == alone, "\(size), \(sharing)")
      }
    }
  }

  @Test(
    "So do pruned networks, as masked and as compressed rows, with activations that keep what they are given",
    arguments: [0, 0.4, 0.9], [Activation.relu, .gelu])
  func pruned(removing: Double, activation: Activation) {
    let training = Training(activation: activation, removing: removing)
    let alone = training.train(threads: 2)
    for sharing in [StepSharing.rows, .samplesAndRows] {
      #expect(training.train(size: 3, sharing, threads: 1).bits == alone, "\(sharing)")
    }
  }

  @Test(
    "Dropout leaves out the same units on any number of threads and ranks, of dense and compressed rows",
    arguments: [0, 0.9], [Activation.relu, .tanh, .prelu])
  func dropout(removing: Double, activation: Activation) {
    var training = Training(activation: activation, removing: removing, dropout: [0.5, 0.25])
    let alone = training.train(threads: 1)
    #expect(training.train(threads: 2) == alone)
    for (size, sharing) in [(2, StepSharing.rows), (3, .samplesAndRows)] {
      #expect(training.train(size: size, sharing, threads: 2).bits == alone, "\(size), \(sharing)")
    }
    training.dropout = []
    #expect(training.train(threads: 1) != alone)
  }

  @Test("So do trainings of whose inputs each rank has some rows alone", arguments: 1...4)
  func sharded(size: Int) {
    let alone = Training(dropout: [0.5, 0.25]).train(threads: 1)
    let training = Training(dropout: [0.5, 0.25], isSharded: true)
    for sharing in StepSharing.allCases {
      #expect(training.train(size: size, sharing, threads: 2).bits == alone, "\(sharing)")
    }
  }

  @Test("Looking at the moments between two steps changes nothing")
  func moments() {
    let alone = Training().train(threads: 1)
    let training = Training(looksInBetween: true)
    #expect(training.train(size: 2, .samplesAndRows, threads: 1).bits == alone)
  }

  @Test(
    "The bytes that ranks receive in steps are those of the model within 5 %",
    arguments: [StepSharing.rows, .samplesAndRows], [0, 0.9])
  func bytes(sharing: StepSharing, removing: Double) {
    expectBytes(of: Training(activation: .relu, removing: removing), sharing)
  }

  @Test(
    "So are those of inputs of which each rank has some rows alone, for one rank that trains, too",
    arguments: StepSharing.allCases)
  func shardedBytes(sharing: StepSharing) {
    expectBytes(of: Training(activation: .relu, removing: 0, isSharded: true), sharing)
  }

  @Test(
    "No span that is sent is larger than that of the model, which is that of the largest layer where all is kept",
    arguments: [StepSharing.rows, .samplesAndRows], [0, 0.4, 0.9])
  func largestSpan(sharing: StepSharing, removing: Double) {
    for isSharded in [false, true] {
      let training = Training(removing: removing, isSharded: isSharded)
      let network = NetworkFixture.network(
        [517, 301, 203, 7], activation: training.activation, removing: removing)
      let model = StepShape(
        widths: network.widths, weights: network.remaining, batch: 61, isSharded: isSharded
      ).largestSpan(sharing)
      let counted = training.train(size: 3, sharing, threads: 1).largestSpan
      #expect(counted > 0 && counted <= model)
      if removing == 0 { #expect(counted == 4 * 517 * 301 && model == counted) }
    }
  }

  private func expectBytes(of training: Training, _ sharing: StepSharing) {
    var (short, long) = (training, training)
    (short.epochs, long.epochs) = (1, 4)
    let network = NetworkFixture.network(
      [517, 301, 203, 7], activation: training.activation, removing: training.removing)
    func shape(_ batch: Int) -> StepShape {
      StepShape(
        widths: network.widths, weights: network.remaining, batch: batch,
        isSharded: training.isSharded)
    }
    for size in [2, 3] {
      let received =
        long.train(size: size, sharing, threads: 1).received
        - short.train(size: size, sharing, threads: 1).received
      // An epoch has a step of 61 samples and one of 17.
      let model =
        3 * (shape(61).received(sharing, ranks: size) + shape(17).received(sharing, ranks: size))
      #expect(abs(Double(received - model)) < 0.05 * Double(model), "\(received), \(model)")
    }
  }
}
