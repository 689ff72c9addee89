import NeuralNetworks
import NumericCore
import Studies
import Testing

@Suite("Gaussian surrogates") struct GaussianSurrogateTests {
  /// Two classes of four samples with three inputs, the last of which never varies.
  private let training = SampleSet(
    inputs: Matrix(
      rows: 8, columns: 3,
      [0, 1, 5, 2, 0, 5, 4, 3, 5, -2, 0, 5, 10, 8, 5, 10, 6, 5, 12, 7, 5, 8, 3, 5]),
    targets: .labels([0, 0, 0, 0, 1, 1, 1, 1]))
  private let pool = WorkerPool(threadCount: 2)

  /// Many samples to be drawn: of class 0 where the row is even.
  private func many(_ count: Int) -> SampleSet {
    SampleSet(
      inputs: Matrix(rows: count, columns: 3), targets: .labels((0..<count).map { Int32($0 % 2) }))
  }

  @Test("have the mean and the covariance of each class")
  func moments() {
    let drawn = GaussianSurrogate(training).samples(like: many(40_000), seed: 3, pool: pool)
    for label in 0..<2 {
      let rows = (0..<40_000).filter { $0 % 2 == label }
      func mean(_ value: (Int) -> Double) -> Double {
        rows.reduce(0.0) { $0 + value($1) } / Double(rows.count)
      }
      func own(_ value: (Int) -> Double) -> Double {
        (4 * label..<4 * label + 4).reduce(0.0) { $0 + value($1) } / 4
      }
      let means = (0..<3).map { input in own { Double(training.inputs[$0, input]) } }
      for input in 0..<3 {
        // The largest variance is 5, so an error of a mean is 0.016.
        #expect(abs(mean { Double(drawn.inputs[$0, input]) } - means[input]) < 0.08)
        for other in 0..<3 {
          let expected = own {
            (Double(training.inputs[$0, input]) - means[input])
              * (Double(training.inputs[$0, other]) - means[other])
          }
          let found = mean {
            (Double(drawn.inputs[$0, input]) - means[input])
              * (Double(drawn.inputs[$0, other]) - means[other])
          }
          // The error of a variance of 5 is √(2 / 20,000) · 5 = 0.05.
          #expect(abs(found - expected) < 0.25)
        }
      }
    }
    #expect((0..<40_000).allSatisfy { drawn.inputs[$0, 2] == 5 })
  }

  @Test("are Gaussian: their kurtosis is 0 where that of the samples is not")
  func kurtosis() {
    let drawn = GaussianSurrogate(training).samples(like: many(40_000), seed: 3, pool: pool)
    let values = stride(from: 0, to: 40_000, by: 2).map { Double(drawn.inputs[$0, 0]) - 1 }
    let second = values.reduce(0) { $0 + $1 * $1 } / 20_000
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 20_000
    // The error is √(24 / 20,000) = 0.035; four samples have −1.36.
    #expect(abs(fourth / (second * second) - 3) < 0.2)
  }

  @Test("are a function of the seed, and keep the targets of the samples asked for")
  func seeds() {
    let part = SampleSet(
      inputs: training.inputs, targets: training.targets, indices: [7, 0, 2])
    let surrogate = GaussianSurrogate(training)
    let one = surrogate.samples(like: part, seed: 1, pool: pool)
    #expect(
      one.inputs == surrogate.samples(like: part, seed: 1, pool: WorkerPool(threadCount: 1)).inputs)
    #expect(one.inputs != surrogate.samples(like: part, seed: 2, pool: pool).inputs)
    #expect(one.count == 3 && one.indices == [0, 1, 2])
    guard case .labels(let labels) = one.targets else {
      Issue.record("classes")
      return
    }
    #expect(labels == [1, 0, 0])
  }
}
