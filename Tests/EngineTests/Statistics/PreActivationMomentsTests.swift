import Engine
import NumericCore
import TestSupport
import Testing

@Suite("Moments of pre-activations") struct PreActivationMomentsTests {
  private static let weights = Matrix(
    rows: 3, columns: 4, [1, -0.5, 0.25, 2, 0, 0.75, -1.5, 0.5, 0.125, 0, 0, 0])
  private static let data = Matrix(
    rows: 7, columns: 4,
    [
      1, 2, 0, -1, 0, 1, 3, 2, 2, -1, 1, 0, -3, 0.5, 2, 1, 4, 1, -2, 0.5, 0.5, -2, 1, 3, 1, 0, 0,
      -2,
    ])

  private func moments(
    _ weights: Matrix = weights, _ data: Matrix = data, threads: Int = 1
  ) -> PreActivationMoments {
    PreActivationMoments(
      of: weights, on: data, rows: (0..<Int32(data.rows)).map { $0 },
      pool: WorkerPool(threadCount: threads))
  }

  // By NumPy 2.4.6 with ek = lambda z: ((z - z.mean())**4).mean() / z.var()**2 - 3:
  // ek(X @ W[i]), and ek(X @ W[i] - W[i, j] * X[:, j]) for every weight.
  @Test("give the excess kurtosis of every unit, and without each of its weights")
  func golden() throws {
    let moments = moments()
    let all = [-1.2420947827010294, 0.028319891094526817, 0.037905705380322896]
    let without: [[Double]] = [
      [-0.986811445809662, -1.3956741775712427, -1.3008915979128568, -0.31856278770881685],
      [0.028319891094526817, 0.02458751991889674, -1.310158350823642, -0.9657670198934478],
    ]
    for unit in 0..<3 {
      #expect(abs(try #require(moments.excessKurtosis(ofUnit: unit)) - all[unit]) < 1e-12)
    }
    for (unit, row) in without.enumerated() {
      for (input, expected) in row.enumerated() {
        let value = try #require(moments.excessKurtosis(ofUnit: unit, without: input))
        #expect(abs(value - expected) < 1e-12)
        let rise = try #require(moments.rise(ofUnit: unit, without: input))
        #expect(abs(rise - (expected - all[unit])) < 1e-12)
      }
    }
  }

  @Test("know no kurtosis of a unit that does not vary, nor without all that it has")
  func constant() {
    let moments = moments()
    #expect(moments.excessKurtosis(ofUnit: 2, without: 0) == nil)
    #expect(moments.rise(ofUnit: 2, without: 0) == nil)
    #expect(moments.rise(ofUnit: 2, without: 1) == 0)
    let constant = self.moments(Matrix(rows: 1, columns: 4), Self.data)
    #expect(constant.excessKurtosis(ofUnit: 0) == nil)
  }

  @Test(
    "are those of a loop over samples, over several chunks and tasks, with any number of threads")
  func loop() throws {
    var random = SeededGenerator(seed: 8)
    let (samples, units, inputs) = (1100, 37, 5)
    let data = Matrix(rows: samples, columns: inputs, random.floats(samples * inputs))
    let weights = Matrix(rows: units, columns: inputs, random.floats(units * inputs))
    let one = moments(weights, data)
    let three = moments(weights, data, threads: 3)
    func kurtosis(_ values: [Double]) -> Double {
      let mean = values.reduce(0, +) / Double(values.count)
      func moment(_ power: Int) -> Double {
        values.reduce(0) { sum, value in
          sum + (0..<power).reduce(1) { product, _ in product * (value - mean) }
        } / Double(values.count)
      }
      return moment(4) / (moment(2) * moment(2)) - 3
    }
    for unit in [0, 15, 16, 36] {
      for input in 0..<inputs {
        let values = (0..<samples).map { sample in
          (0..<inputs).filter { $0 != input }.reduce(0.0) {
            $0 + Double(weights[unit, $1]) * Double(data[sample, $1])
          }
        }
        let value = try #require(one.excessKurtosis(ofUnit: unit, without: input))
        #expect(abs(value - kurtosis(values)) < 1e-9)
        #expect(three.excessKurtosis(ofUnit: unit, without: input) == value)
      }
      #expect(one.excessKurtosis(ofUnit: unit) == three.excessKurtosis(ofUnit: unit))
    }
  }
}
