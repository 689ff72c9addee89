import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Ridge regressions with one covariance")
struct RidgeRegressionTests {
  private let pool = WorkerPool(threadCount: 2)

  /// Moments of random correlated inputs.
  private func covariance(_ inputs: Int, samples: Int, scale: Float = 1) -> InputCovariance {
    var random = SeededGenerator(seed: 5)
    let data = Matrix(rows: samples, columns: inputs, random.floats(samples * inputs, bound: scale))
    let mixed = Matrix(
      rows: samples, columns: inputs,
      (0..<samples).flatMap { row in
        (0..<inputs).map { data[row, $0] + 0.8 * data[row, ($0 + 1) % inputs] }
      })
    let map = DenseLayer(
      name: "layer",
      weights: Matrix(rows: 1, columns: inputs), bias: [0], activation: .identity, slope: 0)
    return StatisticsSums.measure(
      [map], weighting: .none, probes: nil, covariancesOf: [0], data: mixed,
      rows: Array(0..<Int32(samples)), pool: pool
    ).covariances[0]
  }

  /// What is left of (G_SS + λ) δ = G_SP w_P, relative to the right side.
  private func residual(
    _ regression: RidgeRegression, _ row: RidgeRegression.Row, _ delta: [Double]
  ) -> Double {
    let (g, n) = (regression.covariance.matrix, regression.covariance.inputs)
    var (worst, scale) = (0.0, 0.0)
    for (place, input) in row.kept.enumerated() {
      let right = zip(row.removed, row.weights).reduce(0) { $0 + g[input * n + $1.0] * $1.1 }
      let left = zip(row.kept, delta).reduce(regression.ridge * delta[place]) {
        $0 + g[input * n + $1.0] * $1.1
      }
      worst = max(worst, abs(left - right))
      scale = max(scale, abs(right))
    }
    return scale == 0 ? worst : worst / scale
  }

  /// Rows that lose `share` of the inputs now, and some before.
  private func rows(
    _ count: Int, inputs: Int, share: Double, before: Double
  ) -> [RidgeRegression.Row] {
    var random = SeededGenerator(seed: 8)
    return (0..<count).map { _ in
      var (kept, removed): ([Int], [Int]) = ([], [])
      for input in 0..<inputs {
        let draw = Double(random.next() >> 11) * 0x1p-53
        if draw < share { removed.append(input) } else if draw > before { kept.append(input) }
      }
      let weights = random.floats(removed.count).map { Double($0) }
      return RidgeRegression.Row(kept: kept, removed: removed, weights: weights)
    }
  }

  @Test(
    "solve their systems, by whichever of kept and lost inputs are fewer",
    arguments: [(0.05, 0.05), (0.05, 0.3), (0.4, 0.5), (0.9, 0.9), (0.97, 0.97)])
  func solutions(share: Double, before: Double) throws {
    let regression = try #require(RidgeRegression(covariance(60, samples: 300), share: 0.01))
    let rows = rows(40, inputs: 60, share: share, before: before)
    for (row, delta) in zip(rows, regression.corrections(of: rows, pool: pool)) {
      #expect(delta.count == row.kept.count)
      #expect(residual(regression, row, delta) < 1e-9)
    }
  }

  @Test("are solved with more inputs than samples, too")
  func singular() throws {
    let regression = try #require(RidgeRegression(covariance(50, samples: 7), share: 0.01))
    for share in [0.05, 0.5] {
      let rows = rows(30, inputs: 50, share: share, before: share)
      for (row, delta) in zip(rows, regression.corrections(of: rows, pool: pool)) {
        #expect(residual(regression, row, delta) < 1e-8)
      }
    }
  }

  @Test("are the same bits for any number of threads, and asked again")
  func threads() throws {
    for share in [0.05, 0.5, 0.9] {
      let rows = rows(40, inputs: 40, share: share, before: share)
      let regression = try #require(RidgeRegression(covariance(40, samples: 100), share: 0.01))
      let first = regression.corrections(of: rows, pool: WorkerPool(threadCount: 1))
      #expect(regression.corrections(of: rows, pool: WorkerPool(threadCount: 3)) == first)
    }
  }

  @Test("rows with the same support get their own answers")
  func shared() throws {
    let regression = try #require(RidgeRegression(covariance(12, samples: 40), share: 0.01))
    let kept = [0, 2, 3, 5, 8, 9]
    let first = RidgeRegression.Row(kept: kept, removed: [1, 4], weights: [1, -2])
    let second = RidgeRegression.Row(kept: kept, removed: [6, 7, 11], weights: [0.5, 1, 3])
    let other = RidgeRegression.Row(kept: [], removed: [0], weights: [1])
    let answers = regression.corrections(of: [first, other, second], pool: pool)
    #expect(answers[1].isEmpty)
    #expect(residual(regression, first, answers[0]) < 1e-10)
    #expect(residual(regression, second, answers[2]) < 1e-10)
    #expect(answers[0] != answers[2])
  }

  @Test("need an input that varies", arguments: [0, 1e-30] as [Float])
  func constant(scale: Float) {
    #expect(RidgeRegression(covariance(5, samples: 9, scale: scale), share: 0.01) == nil)
  }
}
