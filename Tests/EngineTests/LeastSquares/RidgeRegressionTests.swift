import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Ridge regressions with the moments of one layer")
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

  /// The regression of `units` units of random weights.
  private func regression(
    _ inputs: Int, units: Int, samples: Int, scale: Float = 1
  ) -> RidgeRegression {
    var random = SeededGenerator(seed: 6)
    let layer = DenseLayer(
      name: "layer",
      weights: Matrix(rows: units, columns: inputs, random.floats(units * inputs)),
      bias: random.floats(units), activation: .identity)
    let covariance = covariance(inputs, samples: samples, scale: scale)
    return RidgeRegression(RefitMoments(of: layer, on: covariance, pool: pool), share: 0.01)
  }

  /// What is left of (G_SS + λ) w = c_S + λ v_S, relative to the right side.
  private func residual(
    _ regression: RidgeRegression, _ row: RidgeRegression.Row, _ fit: RidgeRegression.Fit
  ) -> Double {
    let n = regression.moments.covariance.inputs
    let (g, c) = (regression.moments.covariance.matrix, regression.moments.cross)
    var (worst, scale) = (0.0, 0.0)
    for (place, input) in row.kept.enumerated() {
      let right = c[row.unit * n + input] + regression.ridge * Double(row.weights[place])
      let left = zip(row.kept, fit.weights).reduce(
        regression.ridge * Double(fit.weights[place])
      ) {
        $0 + g[input * n + $1.0] * Double($1.1)
      }
      worst = max(worst, abs(left - right))
      scale = max(scale, abs(right))
    }
    return scale == 0 ? worst : worst / scale
  }

  /// Rows of as many units that keep `share` of the inputs.
  private func rows(_ count: Int, inputs: Int, share: Double) -> [RidgeRegression.Row] {
    var random = SeededGenerator(seed: 8)
    return (0..<count).map { unit in
      let kept = (0..<inputs).filter { _ in Double(random.next() >> 11) * 0x1p-53 < share }
      return RidgeRegression.Row(unit: unit, kept: kept, weights: random.floats(kept.count))
    }
  }

  @Test(
    "solve their systems, by whichever of kept and lost inputs are fewer",
    arguments: [1, 0.95, 0.7, 0.5, 0.1, 0.03])
  func solutions(share: Double) throws {
    let regression = regression(60, units: 40, samples: 300)
    let rows = rows(40, inputs: 60, share: share)
    for (row, fit) in zip(rows, regression.fits(of: rows, pool: pool)) {
      #expect(fit.weights.count == row.kept.count)
      // Weights are Float32.
      #expect(residual(regression, row, fit) < 1e-5)
      #expect(fit.errors.fitted <= fit.errors.former)
    }
  }

  @Test("are solved with more inputs than samples, too")
  func singular() throws {
    let regression = regression(50, units: 30, samples: 7)
    for share in [0.95, 0.5] {
      let rows = rows(30, inputs: 50, share: share)
      for (row, fit) in zip(rows, regression.fits(of: rows, pool: pool)) {
        #expect(residual(regression, row, fit) < 1e-5)
      }
    }
  }

  @Test("say how far a row is from its target, with the weights before and behind")
  func errors() throws {
    let regression = regression(30, units: 12, samples: 80)
    let (n, g) = (30, regression.moments.covariance.matrix)
    var random = SeededGenerator(seed: 6)
    let target = random.floats(12 * n).map { Double($0) }
    let rows = rows(12, inputs: n, share: 0.4)
    for (row, fit) in zip(rows, regression.fits(of: rows, pool: pool)) {
      for (weights, error) in [
        (row.weights, fit.errors.former), (fit.weights, fit.errors.fitted),
      ] {
        var change = target[(row.unit * n)..<((row.unit + 1) * n)].map { -$0 }
        for (input, weight) in zip(row.kept, weights) { change[input] += Double(weight) }
        var expected = 0.0
        for a in 0..<n { for b in 0..<n { expected += change[a] * g[a * n + b] * change[b] } }
        #expect(abs(error - expected) <= 1e-9 * max(expected, 1))
      }
    }
  }

  @Test("are the same bits for any number of threads, and asked again")
  func threads() throws {
    for share in [0.95, 0.5, 0.1] {
      let rows = rows(40, inputs: 40, share: share)
      let regression = regression(40, units: 40, samples: 100)
      let first = regression.fits(of: rows, pool: WorkerPool(threadCount: 1)).map(\.weights)
      #expect(
        regression.fits(of: rows, pool: WorkerPool(threadCount: 3)).map(\.weights) == first)
    }
  }

  @Test("rows with the same support get their own answers")
  func shared() throws {
    let regression = regression(12, units: 3, samples: 40)
    let kept = [0, 2, 3, 5, 8, 9]
    let rows = [
      RidgeRegression.Row(unit: 0, kept: kept, weights: [1, 0, 0, 2, 0, -1]),
      RidgeRegression.Row(unit: 1, kept: [], weights: []),
      RidgeRegression.Row(unit: 2, kept: kept, weights: [0, 0, 0, 0, 0, 0]),
    ]
    let fits = regression.fits(of: rows, pool: pool)
    #expect(fits[1].weights.isEmpty)
    #expect(abs(fits[1].errors.fitted - regression.moments.targetVariance[1]) < 1e-12)
    #expect(residual(regression, rows[0], fits[0]) < 1e-5)
    #expect(residual(regression, rows[2], fits[2]) < 1e-5)
    #expect(fits[0].weights != fits[2].weights)
  }

  @Test("leave weights as they are where no input varies", arguments: [0, 1e-30] as [Float])
  func constant(scale: Float) {
    let regression = regression(5, units: 1, samples: 9, scale: scale)
    let row = RidgeRegression.Row(unit: 0, kept: [1, 2], weights: [3, 4])
    #expect(regression.ridge == 0)
    #expect(regression.fits(of: [row], pool: pool)[0].weights == [3, 4])
  }

  @Test("leave weights as they are that would overflow")
  func overflow() {
    var random = SeededGenerator(seed: 6)
    let covariance = covariance(4, samples: 30, scale: 1e-12)
    // Of two targets as large as Float holds, one is not reached by the small inputs that are left.
    let layer = DenseLayer(
      name: "layer",
      weights: Matrix(rows: 1, columns: 4, [3e38, 3e38, -3e38, 3e38]), bias: random.floats(1),
      activation: .identity)
    let regression = RidgeRegression(
      RefitMoments(of: layer, on: covariance, pool: pool), share: 0.01)
    let row = RidgeRegression.Row(unit: 0, kept: [1], weights: [3e38])
    let fit = regression.fits(of: [row], pool: pool)[0]
    #expect(fit.weights[0].isFinite)
    #expect(fit.errors.fitted <= fit.errors.former)
  }
}
