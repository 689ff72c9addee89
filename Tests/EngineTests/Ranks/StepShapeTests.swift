import Engine
import Testing

@Suite("What ranks send for a training step")
struct StepShapeTests {
  @Test("Rows and blocks of samples go once to every other rank")
  func bytes() {
    // 6 · 5 + 5 · 4 weights, 9 biases; 16 samples of 5 activations and 9 deltas.
    let step = StepShape(widths: [6, 5, 4], weights: 50, batch: 10)
    #expect(step.rowBytes == 59 * 4)
    #expect(step.sampleBytes == 14 * 16 * 4)
    #expect(step.received(.alone, ranks: 4) == 0)
    #expect(step.received(.rows, ranks: 4) == 3 * 59 * 4)
    #expect(step.received(.samplesAndRows, ranks: 3) == 2 * (59 + 14 * 16) * 4)
    #expect(step.receivedSummingGradients(ranks: 4) == 2 * step.received(.rows, ranks: 4))
  }

  @Test(
    "Inputs of which each rank has some rows go to all that have a part in a step, or to the one that takes it"
  )
  func sharded() {
    let (whole, step) = (
      StepShape(widths: [6, 5, 4], weights: 50, batch: 10),
      StepShape(widths: [6, 5, 4], weights: 50, batch: 10, isSharded: true)
    )
    #expect(step.inputBytes == 10 * 6 * 4 && whole.inputBytes == 0)
    #expect(step.received(.alone, ranks: 4) == 180)
    for sharing in [StepSharing.rows, .samplesAndRows] {
      let more = step.received(sharing, ranks: 4) - whole.received(sharing, ranks: 4)
      #expect(more == 3 * 240)
    }
    let rates = RankRates()
    for sharing in StepSharing.allCases {
      #expect(
        rates.seconds(of: step, sharing, ranks: 2, threads: 1)
          > rates.seconds(of: whole, sharing, ranks: 2, threads: 1))
    }
  }

  @Test("Of a pruned network survivors alone are sent")
  func pruned() {
    let all = StepShape(widths: [1024, 4096, 4096, 10], weights: 21_012_480, batch: 256)
    let few = StepShape(widths: [1024, 4096, 4096, 10], weights: 1_050_624, batch: 256)
    #expect(Double(few.rowBytes) < 0.051 * Double(all.rowBytes))
    #expect(few.sampleBytes == all.sampleBytes)
  }

  @Test("One rank takes the steps of a small network; those of a large one are divided")
  func best() {
    let rates = RankRates()
    let small = StepShape(widths: [64, 300, 100, 10], weights: 50_200, batch: 64)
    let large = StepShape(widths: [1024, 4096, 4096, 10], weights: 21_012_480, batch: 1024)
    for ranks in 2...4 {
      #expect(rates.best(of: small, ranks: ranks, threads: 2) == .alone)
      #expect(rates.best(of: large, ranks: ranks, threads: 2) == .samplesAndRows)
    }
    #expect(rates.best(of: large, ranks: 1, threads: 2) == .alone)
  }

  @Test(
    "A layer of more weights than MPI counts is not shared, whatever that would bring and whoever demands it",
    arguments: [(46_340, true), (46_341, false)])
  func largeLayer(units: Int, isSendable: Bool) {
    // 46,341² is more than 2³¹, and 46,340² is less.
    let widths = [units, units, 10]
    let step = StepShape(widths: widths, weights: units * units + 10 * units, batch: 1024)
    #expect(step.largestSpan(.rows) == 4 * units * units)
    let rates = RankRates()
    for sharing in [StepSharing.rows, .samplesAndRows] {
      #expect(step.isSendable(sharing) == isSendable)
      #expect(
        rates.sharing(of: step, demanded: sharing, ranks: 4, threads: 8)
          == (isSendable ? sharing : .alone))
      #expect(
        rates.obstacle(to: step, demanded: sharing, ranks: 4, threads: 8)
          == (isSendable ? .costs : .messageSize))
    }
    #expect((rates.best(of: step, ranks: 4, threads: 8) == .alone) == !isSendable)
    #expect(
      rates.obstacle(to: step, demanded: nil, ranks: 4, threads: 8)
        == (isSendable ? .costs : .messageSize))
    #expect(rates.obstacle(to: step, demanded: .alone, ranks: 4, threads: 8) == .demand)
  }

  @Test("Of a pruned layer that is held as compressed rows, survivors alone count")
  func survivors() {
    let few = StepShape(widths: [40_000, 40_000, 10], weights: 80_000_000, batch: 64)
    #expect(few.largestSpan(.rows) == 4 * 80_000_000)
    // More places than 32 bits count are not held as compressed rows.
    let more = StepShape(widths: [50_000, 50_000, 10], weights: 80_000_000, batch: 64)
    #expect(more.largestSpan(.rows) == 4 * 50_000 * 50_000 && !more.isSendable(.rows))
  }

  @Test("Where activations or inputs of a step are too many, rows alone are shared, or nothing")
  func largeBatch() {
    let widths = [1024, 16_384, 16_384, 10]
    let weights = 1024 * 16_384 + 16_384 * 16_384 + 16_384 * 10
    let step = StepShape(widths: widths, weights: weights, batch: 65_536)
    #expect(step.isSendable(.rows) && !step.isSendable(.samplesAndRows))
    #expect(RankRates().best(of: step, ranks: 4, threads: 8) == .rows)
    let wide = StepShape(widths: [40_000, 10], weights: 400_000, batch: 65_536, isSharded: true)
    #expect(!wide.isSendable(.rows) && wide.isSendable(.alone))
    #expect(StepShape(widths: [40_000, 10], weights: 400_000, batch: 65_536).isSendable(.rows))
  }

  @Test("What is divided has a word each way", arguments: StepSharing.allCases)
  func words(sharing: StepSharing) {
    #expect(StepSharing(word: sharing.word) == sharing)
    #expect(StepSharing(word: "some") == nil)
  }
}
