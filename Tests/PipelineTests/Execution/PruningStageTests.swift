import Formats
import NeuralNetworks
import NumericCore
import Pipeline
import Testing

@Suite("Prune stages")
struct PruningStageTests {
  private func network(_ prune: String, threads: Int = 1) throws -> Network {
    let fixture = try RunFixture(
      RunFixture.head + "stages: [train: {epochs: 3}, prune: {to: 0.7, \(prune)}]")
    let (plan, _, _) = try fixture.run(threads: threads)
    let network = try fixture.contents("prune").state.network
    #expect(network.remaining == plan.stages[1].weights && network.remaining == 95 - 67)
    return network
  }

  private static let compensations = ["none", "mean", "ec", "least_squares"]

  @Test(
    "run with every criterion and every compensation, to the exact count",
    arguments: [
      "ec", "magnitude", "gradient_magnitude", "gradient_magnitude_signed", "taylor", "variance",
      "wanda", "obd", "random", "nonlinear",
    ])
  func combinations(criterion: String) throws {
    let budget = criterion == "wanda" ? "uniform" : "global"
    let networks = try Self.compensations.map {
      try network("criterion: \(criterion), compensation: \($0), budget: {policy: \(budget)}")
    }
    // One mask, whatever makes up for what is gone.
    for other in networks.dropFirst() {
      #expect(other.layers.map(\.mask) == networks[0].layers.map(\.mask))
      #expect(other.layers.map(\.bias) != networks[0].layers.map(\.bias))
    }
    #expect(networks[1].layers.map(\.weights) == networks[0].layers.map(\.weights))
    #expect(networks[3].layers.map(\.weights) != networks[0].layers.map(\.weights))
  }

  @Test("end in the same bits for any number of threads, with all that is drawn and refitted")
  func threads() throws {
    let settings = "samples: 20, steps: 3, compensation: least_squares"
    #expect(try network(settings) == network(settings, threads: 3))
  }

  @Test("samples and steps change what goes")
  func settings() throws {
    let plain = try network("metric: fisher")
    #expect(try network("samples: 12").layers.map(\.mask) != plain.layers.map(\.mask))
    #expect(try network("steps: 8").layers.map(\.bias) != plain.layers.map(\.bias))
    #expect(try network("samples: all, steps: 1, probes: 32") == plain)
  }
}
