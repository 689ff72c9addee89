import NeuralNetworks
import NumericCore
import Testing

@Suite("Errors of samples") struct SampleErrorsTests {
  private let network = NetworkFixture.network([3, 4, 2], activation: .tanh)
  private let scaling = AffineScaling(shift: [10, -3], scale: [0.5, 2])

  private func evaluator(_ samples: SampleSet) -> Evaluator {
    Evaluator(
      samples: samples, loss: .meanSquared, targetScaling: scaling,
      pool: WorkerPool(threadCount: 1))
  }

  @Test("have rmse and mae of the metrics, in original units", arguments: [1, 40, 513])
  func metrics(count: Int) {
    let samples = NetworkFixture.samples(count, inputs: 3, outputs: 2, labels: false)
    let evaluator = evaluator(samples)
    let (errors, metrics) = (evaluator.errors(of: network), evaluator.metrics(of: network))
    for (errors, target) in zip(errors, metrics.targets) {
      let rows = Double(count)
      let rmse = (errors.reduce(0) { $0 + $1 * $1 } / rows).squareRoot()
      let mae = errors.reduce(0) { $0 + abs($1) } / rows
      #expect(abs(rmse - target.rmse) <= 1e-12 * target.rmse)
      #expect(abs(mae - target.mae) <= 1e-12 * target.mae)
    }
  }

  @Test("over all targets have the nrmse of the metrics", arguments: [2, 40, 513])
  func normalized(count: Int) throws {
    let evaluator = evaluator(NetworkFixture.samples(count, inputs: 3, outputs: 2, labels: false))
    let errors = evaluator.normalizedErrors(of: network)
    let root = (errors.reduce(0) { $0 + $1 * $1 } / Double(count)).squareRoot()
    let nrmse = try #require(evaluator.metrics(of: network).nrmse)
    #expect(errors.count == count && abs(root - nrmse) <= 1e-9 * nrmse)
  }

  @Test("over all targets leave out those that do not vary")
  func constant() throws {
    let samples = NetworkFixture.samples(1, inputs: 3, outputs: 2, labels: false)
    #expect(evaluator(samples).normalizedErrors(of: network).count { $0.isNaN } == 1)
    #expect(evaluator(samples).metrics(of: network).nrmse == nil)
  }

  @Test("of targets that float32 takes for one are those of the targets in float64")
  func exact() {
    let samples = NetworkFixture.samples(20, inputs: 3, outputs: 2, labels: false)
    guard case .values(let values) = samples.targets else { return #expect(Bool(false)) }
    let far = (0..<40).map { Double(values[$0 / 2, $0 % 2]) + 1e-12 * Double($0) }
    let known = SampleSet(
      inputs: samples.inputs, targets: samples.targets, indices: samples.indices,
      exactTargets: far)
    let (plain, exact) = (
      evaluator(samples).errors(of: network), evaluator(known).errors(of: network)
    )
    for row in 0..<20 {
      for output in 0..<2 {
        let moved = 1e-12 * Double(2 * row + output) / scaling.scale[output]
        #expect(abs(plain[output][row] - exact[output][row] - moved) < 1e-14)
      }
    }
  }
}
