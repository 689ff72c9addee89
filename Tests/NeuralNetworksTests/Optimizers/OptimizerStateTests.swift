import Engine
import NeuralNetworks
import NumericCore
import Testing

@Suite("OptimizerState")
struct OptimizerStateTests {
  static let plain = Optimizer.sgd(Optimizer.SGD(learningRate: 0.1))
  static let momentum = Optimizer.sgd(Optimizer.SGD(learningRate: 0.1, momentum: 0.9))
  static let adam = Optimizer.adam(Optimizer.Adam())
  static let adamW = Optimizer.adamW(Optimizer.Adam())

  @Test(
    "A fresh state has the moments that its optimizer needs, all zero",
    arguments: [(plain, 0, 0), (momentum, 1, 0), (adam, 1, 1), (adamW, 1, 1)])
  func fresh(optimizer: Optimizer, first: Int, second: Int) {
    let network = NetworkFixture.network([4, 5, 3], activation: .prelu)
    let state = OptimizerState(fresh: optimizer, for: network)
    #expect(state.steps == 0)
    #expect(state.first.count == 2 * first && state.second.count == 2 * second)
    for moments in state.first + state.second {
      #expect(moments.weights.sumOfSquares == 0 && moments.slope == 0)
      #expect(moments.bias.allSatisfy { $0 == 0 })
    }
    #expect(state.fits(optimizer, network))
  }

  @Test("A state fits only an optimizer with the same moments and a network of the same shape")
  func fits() {
    let network = NetworkFixture.network([4, 5, 3], activation: .relu)
    let state = OptimizerState(fresh: Self.adam, for: network)
    #expect(state.fits(Self.adamW, network))
    #expect(!state.fits(Self.momentum, network) && !state.fits(Self.plain, network))
    #expect(!OptimizerState(fresh: Self.momentum, for: network).fits(Self.adam, network))
    for widths in [[4, 6, 3], [5, 4, 3], [4, 5, 5, 3], [4, 3]] {
      #expect(!state.fits(Self.adam, NetworkFixture.network(widths, activation: .relu)))
    }
  }

  @Test("Masks zero the moments of what they remove and leave the others")
  func masks() {
    let network = NetworkFixture.network([4, 5, 3], activation: .relu, removing: 0.5)
    var state = OptimizerState(fresh: Self.adam, for: network)
    for layer in 0..<2 {
      let (rows, columns) = (network.layers[layer].outputs, network.layers[layer].inputs)
      state.first[layer].weights = Matrix(rows: rows, columns: columns, repeating: .nan)
      state.second[layer].weights = Matrix(rows: rows, columns: columns, repeating: 2)
    }
    state.apply(masksOf: network)
    for layer in 0..<2 {
      for i in 0..<network.layers[layer].weights.count {
        let kept = network.layers[layer].mask?[i] ?? true
        #expect(state.first[layer].weights.elements[i].isNaN == kept)
        #expect(state.second[layer].weights.elements[i] == (kept ? 2 : 0))
      }
    }
    var plain = OptimizerState(fresh: Self.plain, for: network)
    plain.apply(masksOf: network)
    #expect(plain == OptimizerState(fresh: Self.plain, for: network))
  }
}
