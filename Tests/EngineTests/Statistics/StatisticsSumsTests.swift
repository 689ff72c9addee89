import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Sums over samples of squared sensitivities and inputs")
struct StatisticsSumsTests {
  @Test(
    "agree with their definition for every weighting",
    arguments: [OutputWeighting.none, .euclidean, .logistic, .softmax],
    [[3, 2], [5, 7, 3], [9, 4, 6, 5], [2, 1, 1, 1], [4, 5, 3, 6, 2]])
  func definition(weighting: OutputWeighting, sizes: [Int]) {
    expectAgreement(Chain(sizes, activation: .tanh), weighting, samples: 37)
  }

  @Test(
    "agree for numbers of samples beside multiples of the vector width, block and chunk",
    arguments: [1, 2, 15, 16, 17, 127, 128, 129, 1023, 1024, 1025, 1100])
  func sampleCounts(samples: Int) {
    expectAgreement(Chain([3, 4, 2], activation: .sigmoid), .softmax, samples: samples)
  }

  @Test("agree for every activation, at the outputs too", arguments: Activation.allCases)
  func activations(activation: Activation) {
    let hidden = Chain([5, 6, 4, 3], activation: activation)
    expectAgreement(hidden, .euclidean, samples: 40)
    expectAgreement(hidden, .softmax, samples: 40)
    let all = Chain([5, 6, 4, 3], activation: activation, output: activation)
    for weighting in [OutputWeighting.euclidean, .logistic, .softmax] {
      expectAgreement(all, weighting, samples: 40)
    }
  }

  @Test("agree for maps that are cut into several tiles")
  func tiles() {
    expectAgreement(Chain([300, 3, 2], activation: .tanh), .euclidean, samples: 20)
    expectAgreement(Chain([2, 600, 2], activation: .tanh), .euclidean, samples: 20)
  }

  @Test(
    "agree for numbers of inputs beside the width of a strip",
    arguments: [
      1, 15, 16, 17, 31, 32, 33, 48, 49, 64,
    ])
  func strips(inputs: Int) {
    expectAgreement(Chain([inputs, inputs, 2], activation: .relu), .euclidean, samples: 20)
  }

  @Test(
    "are the same bits for any number of threads",
    arguments: [OutputWeighting.none, .euclidean, .logistic, .softmax])
  func threads(weighting: OutputWeighting) {
    let chain = Chain([270, 33, 17, 5], activation: .silu)
    let data = chain.samples(1337)
    let results = [1, 2, 3].map { threads in
      let pool = WorkerPool(threadCount: threads)
      let sums = StatisticsSums.measure(
        chain.maps, weighting: weighting, data: data, rows: Array(0..<1337), pool: pool)
      return chain.maps.indices.map {
        let result = sums.elimination($0, weights: chain.maps[$0].weights, pool: pool)
        return [result.importance, result.shift]
      }
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
    #expect(results[0][0][0].sum > 0)
  }

  @Test("count a sample as often as it is named, wherever it lies")
  func rows() {
    let chain = Chain([4, 5, 2], activation: .tanh)
    let data = chain.samples(8)
    let pool = WorkerPool(threadCount: 1)
    let picked: [Int32] = [6, 1, 1, 3]
    let copied = Matrix(rows: 4, columns: 4, picked.flatMap { data.row(Int($0)) })
    let indirect = StatisticsSums.measure(
      chain.maps, weighting: .euclidean, data: data, rows: picked, pool: pool)
    let direct = StatisticsSums.measure(
      chain.maps, weighting: .euclidean, data: copied, rows: [0, 1, 2, 3], pool: pool)
    let weights = chain.maps[0].weights
    #expect(
      indirect.elimination(0, weights: weights, pool: pool)
        == direct.elimination(0, weights: weights, pool: pool))
  }

  @Test("say which map has a sum that is not finite")
  func finite() {
    let chain = Chain([3, 4, 2], activation: .tanh)
    var data = chain.samples(20)
    let pool = WorkerPool(threadCount: 1)
    func measure() -> StatisticsSums {
      .measure(chain.maps, weighting: .euclidean, data: data, rows: Array(0..<20), pool: pool)
    }
    let sound = measure()
    #expect(sound.isFinite(0) && sound.isFinite(1))
    data[19, 2] = .infinity
    #expect(!measure().isFinite(0))
    data[19, 2] = .nan
    let broken = measure()
    #expect(!broken.isFinite(0) && !broken.isFinite(1))
  }
}

/// A chain of random maps, and random samples for it.
private struct Chain {
  let maps: [DenseLayer]

  init(_ sizes: [Int], activation: Activation, output: Activation = .identity) {
    var random = SeededGenerator(seed: 7)
    maps = (1..<sizes.count).map { index in
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

  func samples(_ count: Int) -> Matrix {
    var random = SeededGenerator(seed: 8)
    let inputs = maps[0].weights.columns
    return Matrix(
      rows: count, columns: inputs, random.floats(count * inputs, bound: 2).map { $0 + 0.5 })
  }

  var reference: [ReferenceMap] {
    maps.map {
      ReferenceMap(
        outputs: $0.weights.rows, inputs: $0.weights.columns, weights: $0.weights.elements,
        bias: $0.bias, activation: ReferenceActivation(rawValue: $0.activation.rawValue)!,
        slope: $0.slope)
    }
  }
}

extension OutputWeighting {
  fileprivate var reference: ReferenceMetric {
    switch self {
    case .none: .none
    case .euclidean: .euclidean
    case .logistic: .logistic
    case .softmax: .softmax
    }
  }
}

/// Compares importances and shifts with the definition, to 1e-4 of each map's largest: Float32 sums over
/// a chunk keep five digits and more.
private func expectAgreement(
  _ chain: Chain, _ weighting: OutputWeighting, samples: Int,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let data = chain.samples(samples)
  let pool = WorkerPool(threadCount: 2)
  let expected = referenceElimination(
    chain.reference, samples: (0..<samples).map { data.row($0) }, metric: weighting.reference)
  for product in [DenseProduct.tiles, .blas] {
    let sums = StatisticsSums.measure(
      chain.maps, weighting: weighting, probes: nil, covariancesOf: [], data: data,
      rows: Array(0..<Int32(samples)), pool: pool, product: product
    ).sums
    for (index, map) in chain.maps.enumerated() {
      let found = sums.elimination(index, weights: map.weights, pool: pool)
      for (values, truth) in [
        (found.importance, expected[index].importance), (found.shift, expected[index].shift),
      ] {
        let scale = truth.reduce(1e-12) { max($0, abs($1)) }
        let agrees = zip(values.elements, truth).allSatisfy {
          abs(Double($0) - $1) <= 1e-4 * scale
        }
        #expect(agrees, "map \(index), \(product)", sourceLocation: sourceLocation)
      }
    }
  }
}
