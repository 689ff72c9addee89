import Engine
import NeuralNetworks
import NumericCore
import Pruning
import TestSupport
import Testing

@Suite("Probes for many outputs")
struct ProbeTests {
  private let pool = WorkerPool(threadCount: 2)

  private func importances(
    _ network: Network, _ samples: SampleSet, _ metric: OutputMetric, _ loss: Loss,
    probes: OutputProbes?
  ) throws -> [Double] {
    let statistics = try NetworkStatistics(
      of: network, on: samples, metric: metric, loss: loss, probes: probes, pool: pool)
    return statistics.energy(0, layer: network.layers[0]).elements.map { Double($0) }
  }

  /// Every way in which a backward pass starts.
  private static let cases: [(OutputMetric, Loss)] = [
    (.output, .meanSquared), (.fisher, .crossEntropy()), (.fisher, .binaryCrossEntropy),
  ]

  @Test(
    "their mean is the exact value to four standard errors, their error falls as 1/√P",
    arguments: 0..<3)
  func unbiased(index: Int) throws {
    let (metric, loss) = Self.cases[index]
    let network = randomNetwork([4, 5, 4, 70])
    // Few samples, so that the mean over samples leaves an error to look at.
    let samples = randomSamples(4, inputs: 4)
    let exact = try importances(network, samples, metric, loss, probes: nil)
    var errors: [Int: Double] = [:]
    for (probes, seeds) in [(2, 200), (32, 100)] {
      var (sum, squares) = (exact.map { _ in 0.0 }, exact.map { _ in 0.0 })
      for seed in 0..<seeds {
        let found = try importances(
          network, samples, metric, loss,
          probes: OutputProbes(count: probes, seed: UInt64(seed)))
        for place in found.indices {
          sum[place] += found[place] - exact[place]
          squares[place] += (found[place] - exact[place]) * (found[place] - exact[place])
        }
      }
      for place in exact.indices where exact[place] > 0 {
        let count = Double(seeds)
        let standardError = (squares[place] / count / count).squareRoot()
        #expect(abs(sum[place] / count) <= 4 * standardError + 1e-6 * exact[place])
      }
      let total = exact.reduce(0) { $0 + $1 * $1 }
      errors[probes] = (squares.reduce(0, +) / Double(seeds) / total).squareRoot()
    }
    // Sixteen times the probes: a quarter of the error, known to a few percent.
    let ratio = errors[2]! / errors[32]!
    #expect(ratio > 3.2 && ratio < 4.8, "\(ratio)")
    #expect(errors[32]! > 0)
  }

  @Test("with up to 64 outputs every one gets its pass, whatever the probes")
  func exactBelow() throws {
    let network = randomNetwork([3, 5, 4, 64])
    let samples = randomSamples(20, inputs: 3)
    for (metric, loss) in Self.cases {
      let plain = try importances(network, samples, metric, loss, probes: nil)
      let probed = try importances(
        network, samples, metric, loss, probes: OutputProbes(count: 1, seed: 3))
      #expect(plain == probed)
    }
  }

  @Test("are drawn by the seed, and the same bits for any number of threads", arguments: 0..<3)
  func seeds(index: Int) throws {
    let (metric, loss) = Self.cases[index]
    let network = randomNetwork([3, 5, 4, 66])
    let samples = randomSamples(300, inputs: 3)
    let results = try [(1, 5), (3, 5), (1, 6)].map { threads, seed in
      let statistics = try NetworkStatistics(
        of: network, on: samples, metric: metric, loss: loss,
        probes: OutputProbes(count: 4, seed: UInt64(seed)),
        pool: WorkerPool(threadCount: threads))
      return statistics.energy(0, layer: network.layers[0])
    }
    #expect(results[0] == results[1] && results[0] != results[2])
  }

  @Test("a regression with 1,024 outputs scores, near the exact values")
  func manyOutputs() throws {
    let network = randomNetwork([6, 16, 12, 1024])
    let samples = randomSamples(256, inputs: 6)
    let exact = try importances(network, samples, .output, .meanSquared, probes: nil)
    let probed = try importances(
      network, samples, .output, .meanSquared, probes: OutputProbes(count: 32, seed: 1))
    let scale = exact.max()!
    // √2 of itself a sample and probe, over √(256 · 32) of them: 1.6 %, a few times that at worst,
    // since samples do not weigh the same.
    #expect(zip(exact, probed).allSatisfy { abs($0 - $1) <= 0.12 * scale })
    #expect(exact != probed)
  }
}
