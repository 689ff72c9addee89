import NeuralNetworks
import NumericCore
import Testing

@Suite("Initialization")
struct InitializationTests {
  @Test("Weights are a function of seed and layer alone", arguments: Initialization.allCases)
  func reproducible(initialization: Initialization) {
    let weights = initialization.weights(outputs: 7, inputs: 5, layer: 1, seed: 42)
    #expect(weights.rows == 7 && weights.columns == 5 && weights.isFinite)
    #expect(initialization.weights(outputs: 7, inputs: 5, layer: 1, seed: 42) == weights)
    #expect(initialization.weights(outputs: 7, inputs: 5, layer: 2, seed: 42) != weights)
    #expect(initialization.weights(outputs: 7, inputs: 5, layer: 1, seed: 43) != weights)
  }

  /// Of weights [100, 150].
  static let variances: [(Initialization, Double)] = [
    (.heNormal, 2.0 / 150), (.heUniform, 2.0 / 150), (.xavierNormal, 2.0 / 250),
    (.xavierUniform, 2.0 / 250), (.fanInUniform, 1.0 / 450),
  ]
  static let squaredBounds: [(Initialization, Double)] = [
    (.heUniform, 6.0 / 150), (.xavierUniform, 6.0 / 250), (.fanInUniform, 1.0 / 150),
  ]

  @Test("Mean and variance are those of the source", arguments: variances)
  func moments(initialization: Initialization, variance: Double) {
    let weights = initialization.weights(outputs: 100, inputs: 150, layer: 0, seed: 3)
    let count = Double(weights.count)
    // Five standard errors of 15,000 draws; a squared normal has a variance of 2 sigma^4 at most.
    #expect(abs(weights.sum / count) < 5 * (variance / count).squareRoot())
    #expect(
      abs(weights.sumOfSquares / count - variance) < 5 * variance * (2 / count).squareRoot())
  }

  @Test("Uniform weights reach their bound and never pass it", arguments: squaredBounds)
  func bounds(initialization: Initialization, squaredBound: Double) {
    let weights = initialization.weights(outputs: 100, inputs: 150, layer: 0, seed: 3)
    let largest = Double(weights.elements.map(abs).max()!)
    let bound = squaredBound.squareRoot()
    #expect(largest <= bound * (1 + 1e-7) && largest > 0.99 * bound)
  }

  @Test("Biases are 0", arguments: Initialization.allCases.filter { $0 != .fanInUniform })
  func zeroBiases(initialization: Initialization) {
    let biases = initialization.biases(outputs: 7, inputs: 5, layer: 1, seed: 42)
    #expect(biases == [0, 0, 0, 0, 0, 0, 0])
  }

  @Test("Biases of torch.nn.Linear are within the bound of its weights, and not the weights' draws")
  func drawnBiases() {
    let biases = Initialization.fanInUniform.biases(outputs: 900, inputs: 16, layer: 0, seed: 3)
    #expect(biases.count == 900 && biases.allSatisfy { abs($0) <= 0.25 })
    // The variance of U(±1/4) is 1/48; five standard errors of 900 draws.
    let variance = biases.map { Double($0 * $0) }.reduce(0, +) / 900
    #expect(abs(variance - 1.0 / 48) < 5.0 / 48 * (0.8 / 900).squareRoot())
    let weights = Initialization.fanInUniform.weights(outputs: 900, inputs: 16, layer: 0, seed: 3)
    #expect(weights.elements.prefix(900) != biases[...])
    #expect(
      Initialization.fanInUniform.biases(outputs: 900, inputs: 16, layer: 1, seed: 3) != biases)
  }

  @Test("A quarter of normal weights lie beyond 1.15 deviations, as no uniform ones do")
  func tails() {
    let weights = Initialization.heNormal.weights(outputs: 100, inputs: 150, layer: 0, seed: 3)
    let deviation = (2.0 / 150).squareRoot()
    let beyond = weights.elements.filter { abs(Double($0)) > 1.1503 * deviation }.count
    #expect(abs(Double(beyond) / 15_000 - 0.25) < 0.02)
  }

  @Test(
    "Orthogonal weights have orthonormal rows, or columns where those are fewer",
    arguments: [(7, 5), (5, 7), (1, 1), (1, 9), (9, 1), (16, 16), (33, 17)])
  func orthogonal(outputs: Int, inputs: Int) {
    let weights = Initialization.orthogonal.weights(
      outputs: outputs, inputs: inputs, layer: 0, seed: 5)
    let fewer = min(outputs, inputs)
    var product = Matrix(rows: fewer, columns: fewer)
    MatrixProduct.multiply(
      weights, transposed: outputs > inputs, weights, transposed: outputs <= inputs,
      into: &product, pool: WorkerPool(threadCount: 1))
    for i in 0..<fewer {
      for j in 0..<fewer {
        // Products of up to 33 Float32 numbers of at most 1.
        #expect(abs(product[i, j] - (i == j ? 1 : 0)) < 2e-6)
      }
    }
  }
}
