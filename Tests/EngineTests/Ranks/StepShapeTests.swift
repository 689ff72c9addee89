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

  @Test("What is divided has a word each way", arguments: StepSharing.allCases)
  func words(sharing: StepSharing) {
    #expect(StepSharing(word: sharing.word) == sharing)
    #expect(StepSharing(word: "some") == nil)
  }
}
