import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Squares of the outputs' gradients by what hidden layers give")
struct HiddenGradientsTests {
  private func chain(
    _ sizes: [Int], activation: Activation, output: Activation = .identity
  ) -> [DenseLayer] {
    var random = SeededGenerator(seed: 17)
    return (1..<sizes.count).map { index in
      let (outputs, inputs) = (sizes[index], sizes[index - 1])
      let bound = 2 / Float(inputs).squareRoot()
      return DenseLayer(
        name: "layer",
        weights: Matrix(
          rows: outputs, columns: inputs, random.floats(outputs * inputs, bound: bound)),
        bias: random.floats(outputs, bound: 0.5),
        activation: index == sizes.count - 1 ? output : activation, slope: 0.2)
    }
  }

  private func samples(_ count: Int, inputs: Int) -> Matrix {
    var random = SeededGenerator(seed: 18)
    return Matrix(
      rows: count, columns: inputs, random.floats(count * inputs, bound: 2).map { $0 + 0.5 })
  }

  private func squares(
    _ chain: [DenseLayer], _ weighting: OutputWeighting, _ data: Matrix,
    probes: OutputProbes? = nil, threads: Int = 2
  ) -> [[Double]] {
    HiddenGradients.squares(
      of: chain, weighting: weighting, probes: probes, data: data,
      rows: (0..<Int32(data.rows)).map { $0 }, pool: WorkerPool(threadCount: threads))
  }

  private func expectAgreement(
    _ chain: [DenseLayer], _ weighting: OutputWeighting, _ metric: ReferenceMetric,
    samples count: Int
  ) {
    let data = samples(count, inputs: chain[0].inputs)
    let maps = chain.map {
      ReferenceMap(
        outputs: $0.outputs, inputs: $0.inputs, weights: $0.weights.elements, bias: $0.bias,
        activation: ReferenceActivation(rawValue: $0.activation.rawValue)!, slope: $0.slope)
    }
    let expected = referenceHiddenSquares(
      maps, samples: (0..<count).map { data.row($0) }, metric: metric)
    let found = squares(chain, weighting, data)
    #expect(found.count == chain.count - 1)
    for (found, expected) in zip(found, expected) {
      let scale = expected.reduce(0) { max($0, abs($1)) }
      #expect(found.count == expected.count)
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 2e-5 * scale })
    }
  }

  @Test(
    "agree with central differences for every weighting",
    arguments: [
      (OutputWeighting.euclidean, ReferenceMetric.euclidean), (.logistic, .logistic),
      (.softmax, .softmax),
    ],
    [[5, 7, 3], [9, 4, 6, 5], [2, 1, 1, 1], [4, 35, 3, 6, 2]])
  func definition(metric: (OutputWeighting, ReferenceMetric), sizes: [Int]) {
    expectAgreement(chain(sizes, activation: .tanh), metric.0, metric.1, samples: 19)
  }

  @Test("agree for every activation, at the outputs too", arguments: Activation.allCases)
  func activations(activation: Activation) {
    expectAgreement(
      chain([5, 6, 4, 3], activation: activation, output: activation), .euclidean, .euclidean,
      samples: 20)
  }

  @Test(
    "agree for numbers of samples beside multiples of block and chunk",
    arguments: [1, 15, 16, 127, 128, 129, 700])
  func sampleCounts(samples: Int) {
    // Of three outputs five blocks make a chunk.
    expectAgreement(chain([3, 4, 3], activation: .sigmoid), .softmax, .softmax, samples: samples)
  }

  @Test("are the squares of the weights above where outputs do not count")
  func none() {
    let chain = chain([3, 4, 5, 2], activation: .relu)
    let found = squares(chain, .none, samples(3, inputs: 3))
    for (layer, found) in zip(chain.dropFirst(), found) {
      for row in 0..<layer.inputs {
        for column in 0..<layer.inputs {
          let sum = (0..<layer.outputs).reduce(0.0) {
            $0 + Double(layer.weights[$1, row]) * Double(layer.weights[$1, column])
          }
          #expect(abs(found[row * layer.inputs + column] - sum) <= 1e-12)
        }
      }
    }
    #expect(squares([chain[0]], .euclidean, samples(3, inputs: 3)).isEmpty)
  }

  @Test("probes estimate them without bias", arguments: [OutputWeighting.euclidean, .softmax])
  func probes(weighting: OutputWeighting) {
    let chain = chain([4, 6, 5], activation: .tanh)
    let data = samples(1500, inputs: 4)
    let exact = squares(chain, weighting, data)[0]
    let found = squares(chain, weighting, data, probes: OutputProbes(count: 3, seed: 5))[0]
    let scale = exact.reduce(0) { max($0, abs($1)) }
    // 4,500 draws: within some hundredths, and not the same.
    #expect(zip(found, exact).allSatisfy { abs($0 - $1) <= 0.06 * scale })
    #expect(zip(found, exact).contains { abs($0 - $1) > 1e-4 * scale })
  }

  @Test("are the same bits for any number of threads")
  func threads() {
    let chain = chain([6, 40, 17, 5], activation: .silu)
    let data = samples(900, inputs: 6)
    let results = [1, 2, 3].map { squares(chain, .softmax, data, threads: $0) }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
