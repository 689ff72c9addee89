import Engine
import Testing

@Suite("What ranks send for a pass over samples")
struct PassShapeTests {
  @Test("Outputs go to rank 0, and a network that ranks do not have to all others")
  func outputs() {
    let known = PassShape.outputs(widths: [6, 5, 4], weights: 50, samples: 100, isKnown: true)
    let new = PassShape.outputs(widths: [6, 5, 4], weights: 50, samples: 100, isKnown: false)
    #expect(known.operations == 10_000)
    // The numbers of the samples; of 4 outputs each, what three of four ranks have computed.
    #expect(known.received(ranks: 4) == 3 * 400 + 4 * 400 * 3 / 4)
    // 50 weights with a byte of mask each, 9 biases.
    #expect(new.received(ranks: 4) - known.received(ranks: 4) == 3 * (50 * 5 + 9 * 4))
    // Where ranks have inputs between them, all of these have them in the end.
    let sharded = PassShape.outputs(
      widths: [6, 5, 4], weights: 50, samples: 100, isKnown: true, isSharded: true)
    #expect(sharded.received(ranks: 4) - known.received(ranks: 4) == 3 * 6 * 100 * 4)
    let rates = RankRates()
    #expect(
      rates.seconds(of: sharded, ranks: 1, threads: 1)
        > rates.seconds(of: known, ranks: 1, threads: 1))
  }

  @Test("Of statistics every rank is given inputs and sensitivities, and rank 0 the sums")
  func statistics() {
    let shape = PassShape.statistics(
      widths: [6, 5, 4], weights: 50, samples: 100, passes: 4, covariances: [])
    // Two strips of 16 inputs and 9 units, of 112 samples; 16 bytes a weight.
    #expect(shape.values == (32 + 9) * 112 * 4)
    #expect(shape.results == 50 * 16)
    let uniform = PassShape.statistics(
      widths: [6, 5, 4], weights: 50, samples: 100, passes: 0, covariances: [1])
    #expect(uniform.values == 32 * 112 * 4)
    // A row of sums a layer, and half of 5 × 5 products.
    #expect(uniform.results == 11 * 16 + 4 * 25)
  }

  @Test("A gradient has the bytes of a step that computes it, but parameters in double precision")
  func gradient() {
    let shape = PassShape.gradient(widths: [6, 5, 4], weights: 50, samples: 100, batch: 64)
    // 59 parameters; 5 activations and 9 deltas of 112 samples; the numbers of the samples.
    #expect(shape.sent == 59 * 8 + 400)
    #expect(shape.values == 14 * 112 * 4)
    #expect(shape.results == 59 * 8)
    #expect(shape.rounds == 7)
  }

  @Test(
    "For regressions every rank is given all moments, and rank 0 the weights and errors of the rows"
  )
  func regression() {
    let work = RegressionQuestions.work(inputs: 6, sizes: [3, 3, 2])
    #expect(!work.wantsInverse && abs(work.operations - 62 / 3.0) < 1e-9)
    let shape = PassShape.regression(inputs: 6, units: 3, kept: 8, operations: work.operations)
    #expect(shape.operations == 2 * work.operations)
    #expect(shape.sent == 8 * (36 + 18) + 8 * 8)
    #expect(shape.results == 8 * 4 + 3 * 16)
    // No rank hears of a stop meanwhile, and each holds twice what it is sent.
    func obstacle(_ inputs: Int, _ operations: Double) -> SharingObstacle? {
      PassShape.regression(inputs: inputs, units: 8, kept: 8, operations: operations).obstacle
    }
    #expect(obstacle(1_000, 1e11) == nil && obstacle(1_000, 1.1e11) == .passLength)
    #expect(obstacle(6_000, 1e9) == .memory)
    // Where few of many inputs are gone, the inverse of all inputs' matrix is cheaper.
    let partitioned = RegressionQuestions.work(inputs: 6, sizes: Array(repeating: 5, count: 100))
    #expect(partitioned.wantsInverse && abs(partitioned.operations - 100 / 3.0) < 1e-9)
  }

  @Test("A pass of which more would be sent at a time than MPI counts is not divided")
  func messageSize() {
    // 16 bytes a weight of sums: 2³² and 2³⁴ bytes; and 4 bytes of 3,000,000 inputs of a chunk of 1,024 samples.
    func statistics(_ widths: [Int]) -> PassShape {
      .statistics(widths: widths, weights: 1000, samples: 2000, passes: 1, covariances: [])
    }
    #expect(statistics([16_384, 16_384]).obstacle == nil)
    let sums = statistics([32_768, 32_768])
    #expect(sums.largestSpan == 16 << 30 && sums.obstacle == .messageSize)
    let wide = statistics([3_000_000, 10])
    #expect(wide.largestSpan == 4 * 3_000_010 * 1024 && wide.obstacle == .messageSize)
    #expect(!RankRates().divides(wide, demanded: .samplesAndRows, ranks: 4, threads: 1))
    // A gradient has two words a weight.
    func gradient(_ units: Int) -> PassShape {
      .gradient(widths: [units, units], weights: units * units, samples: 2000, batch: 1024)
    }
    #expect(gradient(16_000).obstacle == nil && gradient(33_000).obstacle == .messageSize)
    #expect(gradient(33_000).largestSpan == 8 * 33_000 * 33_000)
  }

  @Test("A pass over a small network is not divided; that over a large one is")
  func pays() {
    let rates = RankRates()
    let small = PassShape.statistics(
      widths: [64, 300, 100, 10], weights: 50_200, samples: 1000, passes: 10, covariances: [])
    let large = PassShape.statistics(
      widths: [1024, 4096, 4096, 10], weights: 21_012_480, samples: 10_000, passes: 10,
      covariances: [])
    for ranks in 2...4 {
      #expect(!rates.pays(small, ranks: ranks, threads: 8))
      #expect(rates.pays(large, ranks: ranks, threads: 8))
      #expect(
        rates.seconds(of: large, ranks: ranks, threads: 8)
          < rates.seconds(of: large, ranks: 1, threads: 8))
    }
    #expect(!rates.pays(large, ranks: 1, threads: 8))
  }
}
