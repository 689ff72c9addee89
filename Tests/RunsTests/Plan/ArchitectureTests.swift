import Engine
import NeuralNetworks
import Runs
import Testing

@Suite("Architecture") struct ArchitectureTests {
  private let architecture = Architecture(
    widths: [5, 7, 6, 3], activation: .tanh, initialization: .heNormal)

  @Test("names, counts and profiles of its layers")
  func layers() throws {
    #expect(architecture.layerCount == 3)
    #expect(architecture.layerNames == ["hidden1", "hidden2", "output"])
    #expect(architecture.weightCount == 35 + 42 + 18)
    let profiles = try architecture.profiles()
    #expect(profiles.map(\.name) == architecture.layerNames)
    #expect(profiles.map(\.outputs) == [7, 6, 3])
    #expect(profiles.map(\.inputs) == [5, 7, 6])
    #expect(profiles.map(\.remaining) == [35, 42, 18])
  }

  @Test("a network without hidden layers has one layer")
  func single() {
    let single = Architecture(widths: [4, 2], activation: .relu, initialization: .heNormal)
    #expect(single.layerNames == ["output"])
    #expect(single.network(seed: 0).layers.map(\.activation) == [.identity])
  }

  @Test("the initial network is a function of the seed, dense, with zero biases")
  func network() {
    let network = architecture.network(seed: 3)
    #expect(network == architecture.network(seed: 3))
    #expect(network != architecture.network(seed: 4))
    #expect(network.layers.map(\.activation) == [.tanh, .tanh, .identity])
    #expect(network.remaining == 95)
    #expect(network.layers.allSatisfy { $0.bias.allSatisfy { $0 == 0 } })
  }

  @Test("a network fits whose names, widths and activations are the same")
  func fits() {
    var network = architecture.network(seed: 3)
    #expect(architecture.fits(network))
    var mask = Mask(rows: 7, columns: 5)
    mask.remove(2)
    network.layers[0].apply(mask)
    #expect(architecture.fits(network))
    for (widths, activation) in [
      ([5, 7, 6, 2], Activation.tanh), ([4, 7, 6, 3], .tanh), ([5, 7, 3], .tanh),
      ([5, 6, 7, 3], .tanh), ([5, 7, 6, 3], .relu),
    ] {
      let other = Architecture(
        widths: widths, activation: activation, initialization: .heNormal)
      #expect(!architecture.fits(other.network(seed: 3)))
    }
  }
}
