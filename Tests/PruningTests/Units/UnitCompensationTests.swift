import Engine
import NeuralNetworks
import NumericCore
import Pruning
import Testing

@Suite("Units that go in steps, and are compensated")
struct UnitCompensationTests {
  private let pool = WorkerPool(threadCount: 1)

  private func reduce(
    _ network: Network, to weights: Int, step: Double = 0.3, _ samples: SampleSet
  ) throws -> UnitCompensation.Result {
    try UnitCompensation(step: step).reduce(network, to: weights, on: samples, pool: pool) {}
  }

  /// The mean squared distance of outputs.
  private func distance(_ first: Network, _ second: Network, _ samples: SampleSet) -> Float {
    let outputs = [first, second].map { Predictor($0, pool: pool).outputs(for: samples.inputs) }
    var sum: Float = 0
    for row in 0..<outputs[0].rows {
      for column in 0..<outputs[0].columns {
        let difference = outputs[0][row, column] - outputs[1][row, column]
        sum += difference * difference
      }
    }
    return sum / Float(outputs[0].rows)
  }

  @Test("leave no more weights than wanted, and the units that are told", arguments: [0.1, 0.5])
  func widths(step: Double) throws {
    let (network, samples) = (randomNetwork([6, 20, 12, 3]), randomSamples(300, inputs: 6))
    let result = try reduce(network, to: 150, step: step, samples)
    // 6·20 + 20·12 + 12·3 = 396 at first.
    #expect(result.network.weightCount <= 150)
    #expect(result.network.widths == [6] + result.kept.map(\.count) + [3])
    for (kept, width) in zip(result.kept, [20, 12]) {
      #expect(kept == kept.sorted() && Set(kept).isSubset(of: 0..<width))
    }
    #expect(result.steps >= 1)
  }

  @Test("steps leave at least the root of what a step may leave, and end at the weights wanted")
  func counts() {
    // 0.9^18 is above, 0.9^19 below the square of 150/396.
    let counts = UnitCompensation(step: 0.1).counts(from: 396, to: 150)
    #expect(counts.count == 19 && counts.last == 150)
    for (before, after) in zip([396] + counts, counts) {
      #expect(after < before && Double(after + 1) >= Double(before) * 0.9.squareRoot())
    }
    #expect(UnitCompensation(step: 0.1).counts(from: 10, to: 10).isEmpty)
    // Too small a step to ever come there takes a weight at a time.
    let smallest = UnitCompensation(step: 1e-20).counts(from: 396, to: 150)
    #expect(smallest.count == 246 && smallest.last == 150)
  }

  @Test("nothing goes where nothing has to")
  func whole() throws {
    let (network, samples) = (randomNetwork([4, 5, 2]), randomSamples(50, inputs: 4))
    let result = try reduce(network, to: network.weightCount, samples)
    #expect(result.network == network && result.kept == [[0, 1, 2, 3, 4]] && result.steps == 0)
  }

  @Test("the network without its units, refitted, is nearer to what it was than without the refit")
  func compensation() throws {
    let (network, samples) = (randomNetwork([6, 24, 3]), randomSamples(400, inputs: 6))
    let result = try reduce(network, to: 108, samples)
    let bare = UnitCompensation.network(network, keeping: result.kept)
    #expect(bare.widths == result.network.widths)
    // The first layer's rows are the dense network's.
    #expect(bare.layers[0] == result.network.layers[0])
    #expect(
      distance(network, result.network, samples) < 0.5 * distance(network, bare, samples))
  }

  @Test("of two units that do the same one goes, and the other takes its part over")
  func twins() throws {
    let network = networkWithTwins()
    let samples = randomSamples(200, inputs: 6)
    let result = try reduce(network, to: 8 * 9, step: 0.1, samples)
    let gone = Set(0..<9).subtracting(result.kept[0])
    #expect(gone.count == 1 && gone.isSubset(of: [2, 7]))
    let left = gone == [2] ? 7 : 2
    let place = try #require(result.kept[0].firstIndex(of: left))
    for output in 0..<3 {
      let sum = network.layers[1].weights[output, 2] + network.layers[1].weights[output, 7]
      // A hundredth of the mean variance pulls towards the weight that it had.
      #expect(abs(result.network.layers[1].weights[output, place] - sum) < 0.2)
    }
  }

  @Test("every layer keeps a unit")
  func least() throws {
    let network = randomNetwork([3, 6, 5, 2])
    #expect(UnitCompensation.leastWeights(network.widths) == 3 + 1 + 2)
    let result = try reduce(network, to: 6, step: 0.9, randomSamples(60, inputs: 3))
    #expect(result.network.widths == [3, 1, 1, 2])
  }
}
