import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Covariances of layers' inputs")
struct InputCovarianceTests {
  /// Random maps of the given widths and samples far from 0.
  private func chain(_ sizes: [Int], samples: Int) -> (maps: [DenseLayer], data: Matrix) {
    var random = SeededGenerator(seed: 4)
    let maps = zip(sizes, sizes.dropFirst()).map { inputs, outputs in
      DenseLayer(
        name: "layer",
        weights: Matrix(rows: outputs, columns: inputs, random.floats(outputs * inputs)),
        bias: random.floats(outputs), activation: .tanh, slope: 0)
    }
    let data = random.floats(samples * sizes[0]).map { $0 + 100 }
    return (maps, Matrix(rows: samples, columns: sizes[0], data))
  }

  /// The covariances over all samples, from a pass of which only they are wanted.
  private func covariances(
    _ maps: [DenseLayer], of wanted: [Int], _ data: Matrix, pool: WorkerPool
  ) -> [InputCovariance] {
    StatisticsSums.measure(
      maps, weighting: .none, probes: nil, covariancesOf: wanted, data: data,
      rows: Array(0..<Int32(data.rows)), pool: pool
    ).covariances
  }

  /// Mean and covariance in two passes in Double.
  private func reference(_ values: [[Double]]) -> (mean: [Double], covariance: [Double]) {
    let (count, width) = (Double(values.count), values[0].count)
    let mean = (0..<width).map { input in values.reduce(0) { $0 + $1[input] } / count }
    var covariance = [Double](repeating: 0, count: width * width)
    for sample in values {
      for row in 0..<width {
        for column in 0..<width {
          covariance[row * width + column] +=
            (sample[row] - mean[row]) * (sample[column] - mean[column]) / count
        }
      }
    }
    return (mean, covariance)
  }

  @Test(
    "agree with two passes in Double, for inputs far from 0 and over several chunks and tiles",
    arguments: [(3, 1), (5, 40), (4, 1030), (140, 20)])
  func definition(inputs: Int, samples: Int) {
    let (maps, data) = chain([inputs, 6, 2], samples: samples)
    let pool = WorkerPool(threadCount: 2)
    let found = covariances(maps, of: [0, 1], data, pool: pool)
    let first = (0..<samples).map { data.row($0).map { Double($0) } }
    let second = first.map { sample in
      (0..<6).map { unit in
        let z = (0..<inputs).reduce(Double(maps[0].bias[unit])) {
          $0 + Double(maps[0].weights[unit, $1]) * sample[$1]
        }
        return ReferenceActivation.tanh.value(z, slope: 0)
      }
    }
    // The second layer's inputs come from sums of terms of 100 in Float32.
    for (covariance, (values, tolerance)) in zip(found, [(first, 1e-5), (second, 2e-3)]) {
      let expected = reference(values)
      #expect(zip(covariance.mean, expected.mean).allSatisfy { abs($0 - $1) <= 1e-4 })
      #expect(
        zip(covariance.matrix, expected.covariance).allSatisfy { abs($0 - $1) <= tolerance })
    }
    let alone = covariances(maps, of: [1], data, pool: pool)
    #expect(alone[0].matrix == found[1].matrix)
  }

  @Test("are the same bits for any number of threads")
  func threads() {
    let (maps, data) = chain([150, 20, 2], samples: 1100)
    let results = [1, 3].map { threads in
      covariances(maps, of: [0, 1], data, pool: WorkerPool(threadCount: threads))
    }
    for (one, three) in zip(results[0], results[1]) {
      #expect(one.matrix == three.matrix && one.mean == three.mean)
    }
  }
}
