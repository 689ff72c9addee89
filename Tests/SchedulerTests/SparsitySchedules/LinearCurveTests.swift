import Scheduler
import Testing

@Suite("LinearCurve") struct LinearCurveTests {
  @Test("equal steps")
  func golden() throws {
    let path = try LinearCurve.linear.sparsities(
      from: Sparsity(0.5), to: Sparsity(0.9), rounds: 4)
    expectPath(path, [0.6, 0.7, 0.8, 0.9])
  }

  @Test("rounds must be given")
  func rounds() throws {
    #expect(throws: SparsityError.roundsMissing(curve: "linear")) {
      try LinearCurve.linear.sparsities(from: .zero, to: Sparsity(0.9), rounds: nil)
    }
  }
}
