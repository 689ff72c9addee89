import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Moments that layers are refitted from")
struct RefitMomentsTests {
  private let pool = WorkerPool(threadCount: 2)

  /// Two chains of the same widths with random weights, and samples around 0.5.
  private func chains(
    _ sizes: [Int], samples: Int
  ) -> (original: [DenseLayer], new: [DenseLayer], data: Matrix, rows: [Int32]) {
    var random = SeededGenerator(seed: 14)
    func chain() -> [DenseLayer] {
      zip(sizes, sizes.dropFirst()).map { inputs, outputs in
        DenseLayer(
          name: "layer",
          weights: Matrix(rows: outputs, columns: inputs, random.floats(outputs * inputs)),
          bias: random.floats(outputs), activation: .tanh)
      }
    }
    let data = random.floats((samples + 3) * sizes[0]).map { $0 + 0.5 }
    return (
      chain(), chain(), Matrix(rows: samples + 3, columns: sizes[0], data),
      (0..<Int32(samples)).map { $0 + 2 }
    )
  }

  /// W a + b of every sample.
  private func affine(_ layer: DenseLayer, _ values: [[Double]]) -> [[Double]] {
    let weights = (0..<layer.outputs).map { layer.weights.row($0).map { Double($0) } }
    return values.map { sample in
      weights.indices.map { innerProduct(weights[$0], sample, from: Double(layer.bias[$0])) }
    }
  }

  private func activated(_ values: [[Double]]) -> [[Double]] {
    values.map { $0.map { ReferenceActivation.tanh.value($0, slope: 0) } }
  }

  /// Means, and E[(x − E x)(y − E y)ᵀ], in two passes in Double.
  private func moments(
    _ x: [[Double]], _ y: [[Double]]
  ) -> (x: [Double], y: [Double], products: [Double]) {
    let count = Double(x.count)
    func means(_ values: [[Double]]) -> [Double] {
      values[0].indices.map { index in values.reduce(0) { $0 + $1[index] } / count }
    }
    let (meanX, meanY) = (means(x), means(y))
    func deviations(_ values: [[Double]], _ means: [Double]) -> [[Double]] {
      means.indices.map { index in values.map { $0[index] - means[index] } }
    }
    let (deviationsX, deviationsY) = (deviations(x, meanX), deviations(y, meanY))
    let products = deviationsX.flatMap { row in
      deviationsY.map { innerProduct(row, $0) / count }
    }
    return (meanX, meanY, products)
  }

  private func near(_ found: [Double], _ expected: [Double]) -> Bool {
    let scale = expected.reduce(1e-3) { max($0, abs($1)) }
    return found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-5 * scale }
  }

  @Test(
    "agree with two passes in Double, over several blocks, chunks and strips",
    arguments: [([5, 6, 4, 3], 1), ([5, 40, 7, 3], 130), ([4, 140, 35, 2], 1_100)])
  func definition(sizes: [Int], samples: Int) {
    let (original, new, data, rows) = chains(sizes, samples: samples)
    let target = TargetActivations(of: original, data: data, rows: rows, pool: pool)
    var (old, inputs) = (rows.map { data.row(Int($0)).map { Double($0) } }, [[Double]]())
    inputs = old
    for index in original.indices {
      let z = affine(original[index], old)
      if index > 0 {
        let found = target.moments(above: Array(new[..<index]), pool: pool)
        let cross = moments(z, inputs)
        #expect(near(found.cross, cross.products))
        #expect(near(found.targetMean, cross.x))
        #expect(near(found.covariance.mean, cross.y))
        #expect(near(found.covariance.matrix, moments(inputs, inputs).products))
        let variances = moments(z, z).products
        #expect(
          near(found.targetVariance, z[0].indices.map { variances[$0 * (z[0].count + 1)] }))
      }
      old = activated(z)
      inputs = activated(affine(new[index], inputs))
    }
  }

  @Test("of targets that a layer has on the inputs follow from these")
  func linear() {
    let (original, _, data, rows) = chains([7, 5, 2], samples: 90)
    let covariance = StatisticsSums.measure(
      original, weighting: .none, probes: nil, covariancesOf: [0], data: data, rows: rows,
      pool: pool
    ).covariances[0]
    let found = RefitMoments(of: original[0], on: covariance, pool: pool)
    let inputs = rows.map { data.row(Int($0)).map { Double($0) } }
    let z = affine(original[0], inputs)
    #expect(near(found.cross, moments(z, inputs).products))
    #expect(near(found.targetMean, moments(z, inputs).x))
    let variances = moments(z, z).products
    #expect(near(found.targetVariance, (0..<5).map { variances[$0 * 6] }))
  }

  @Test(
    "are the same bits for any number of threads, and whether targets are kept or computed anew")
  func bits() {
    let (original, new, data, rows) = chains([9, 33, 20, 4], samples: 1_500)
    var results: [[RefitMoments]] = []
    for (threads, bytes) in [(1, 1 << 20), (3, 1 << 20), (1, 0), (3, 0)] {
      let pool = WorkerPool(threadCount: threads)
      let target = TargetActivations(
        of: original, data: data, rows: rows, keepingAtMost: bytes, pool: pool)
      results.append([1, 2].map { target.moments(above: Array(new[..<$0]), pool: pool) })
    }
    for other in results.dropFirst() {
      for (one, two) in zip(results[0], other) {
        #expect(one.cross == two.cross && one.covariance.matrix == two.covariance.matrix)
        #expect(one.targetMean == two.targetMean && one.targetVariance == two.targetVariance)
      }
    }
  }
}
