import Engine
import NumericCore
import TestSupport
import Testing

@Suite("TrainingChain")
struct TrainingChainTests {
  /// Three steps differ in the order of sums only: gradients below 1 by some 1e-6, and Adam with
  /// epsilon 1e-3 turns a difference of gradients into at most 10 (rate over epsilon) times as much.
  static let tolerance = 1e-4

  static let nets: [(widths: [Int], densities: [Double?])] = [
    ([1, 2], [1]), ([1, 1, 2], [1, 1]), ([3, 1, 2], [0.5, 1]), ([17, 9, 5, 3], [0.3, 0.2, 0.5]),
    ([40, 33, 20, 7], [0.1, nil, 0.1]), ([40, 33, 20, 7], [nil, 0.1, nil]),
    ([15, 16, 17, 4], [0, 0.5, 0.5]), ([15, 16, 4], [0.5, 0]),
  ]

  @Test(
    "Compressed layers train as dense ones with masks do", arguments: nets,
    [Activation.relu, .prelu, .tanh, .gelu, .identity])
  func sparseAgainstDense(net: (widths: [Int], densities: [Double?]), activation: Activation) {
    for (batch, clipNorm) in [(33, nil), (20, 0.05)] as [(Int, Double?)] {
      let fixture = ChainFixture(
        widths: net.widths, densities: net.densities, activation: activation, samples: 50)
      let dense = fixture.train(
        ChainFixture.dense, threads: 1, clipNorm: clipNorm, batch: batch)
      let sparse = fixture.train(
        ChainFixture.compressing, threads: 1, clipNorm: clipNorm, batch: batch)
      #expect(dense.losses.allSatisfy(\.isFinite) && dense.losses[0] > 0)
      #expect(Self.distance(dense, sparse) < Self.tolerance)
    }
  }

  @Test("Pruned weights and their moments are 0 to the bit, survivors move", arguments: nets)
  func prunedStaysPruned(net: (widths: [Int], densities: [Double?])) {
    let fixture = ChainFixture(widths: net.widths, densities: net.densities, samples: 40)
    for table in [ChainFixture.dense, ChainFixture.compressing] {
      for clipNorm in [nil, 0.1] as [Double?] {
        let outcome = fixture.train(table, threads: 2, clipNorm: clipNorm, batch: 24)
        for (layer, value) in fixture.layers.enumerated() {
          let all =
            [outcome.weights[layer], outcome.first[layer].weights]
            + [outcome.second[layer].weights]
          for matrix in all {
            let bits = matrix.bits
            #expect(bits.indices.allSatisfy { value.mask?[$0] ?? true || bits[$0] == 0 })
          }
        }
        #expect(outcome.biases.last! != fixture.layers.last!.bias)
      }
    }
  }

  @Test(
    "Many tasks give the same bits on any number of threads", arguments: [true, false],
    [nil, 0.2] as [Double?])
  func threads(compresses: Bool, clipNorm: Double?) {
    let density = compresses ? 0.25 : 0.6
    let fixture = ChainFixture(
      widths: [203, 301, 105, 6], densities: [density, density, nil], activation: .prelu,
      samples: 100)
    let table = KernelTable(density: 0.4)
    for product in [DenseProduct.tiles, .blas] {
      func train(_ threads: Int) -> [[UInt32]] {
        fixture.train(
          table, threads: threads, product: product, clipNorm: clipNorm, batch: 71, steps: 2
        ).bits
      }
      let alone = train(1)
      for threads in [2, 3, 5] { #expect(train(threads) == alone) }
    }
  }

  @Test("OpenBLAS and our own tiles train alike")
  func products() {
    let fixture = ChainFixture(
      widths: [37, 50, 21, 5], densities: [nil, 0.5, nil], activation: .silu, samples: 60)
    let own = fixture.train(ChainFixture.dense, threads: 2, product: .tiles, batch: 47)
    let blas = fixture.train(ChainFixture.dense, threads: 2, product: .blas, batch: 47)
    #expect(Self.distance(own, blas) < Self.tolerance)
  }

  @Test(
    "Losses on values go down the chain as they do on a whole block",
    arguments: [Loss.meanSquared, .meanAbsolute, .huber(delta: 0.3), .binaryCrossEntropy])
  func valueLosses(loss: Loss) {
    let fixture = ChainFixture(widths: [5, 3], densities: [nil], samples: 40)
    let parameters = ChainParameters(fixture.layers, trains: true)
    let chain = TrainingChain(
      parameters: parameters, moments: ChainMoments(parameters, first: [], second: []),
      capacity: 37, clips: false, pool: WorkerPool(threadCount: 1))
    var generator = BlockFixture(seed: 5)
    let targets = generator.block(features: 3, count: 37, bound: 0.5)
    let rows = (0..<37).map { Int32($0) }
    let sum = chain.propagate(
      fixture.data, rows: rows[...], loss: loss, labels: [], values: targets, scale: 1)
    let inference = InferenceChain(
      parameters: parameters, capacity: 37, pool: WorkerPool(threadCount: 1))
    var outputs = SampleBlock(features: 3, capacity: 37)
    inference.run(fixture.data, rows: rows[...], into: &outputs)
    var deltas = outputs
    let expected = loss.evaluate(
      outputs, labels: [], values: targets, scale: 1, deltas: &deltas)
    #expect(abs(sum - expected) < 1e-9 && sum > 0)
  }

  private static func distance(_ a: ChainFixture.Outcome, _ b: ChainFixture.Outcome) -> Double {
    zip(a.numbers, b.numbers).reduce(0) {
      $1.0.isNaN || $1.1.isNaN ? .infinity : max($0, abs($1.0 - $1.1))
    }
  }
}
