import Scheduler
import Testing

@Suite("ExponentialCurve") struct ExponentialCurveTests {
  @Test("densities are a geometric sequence: 1/2, 1/4, 1/8, 1/16")
  func halves() throws {
    let path = try ExponentialCurve.exponential.sparsities(
      from: .zero, to: Sparsity(0.9375), rounds: 4)
    expectPath(path, [0.5, 0.75, 0.875, 0.9375])
  }

  @Test("1 − 0.5·0.2^(i/3), from 0.5 to 0.9")
  func fromHalf() throws {
    let path = try ExponentialCurve.exponential.sparsities(
      from: Sparsity(0.5), to: Sparsity(0.9), rounds: 3)
    expectPath(path, [0.7075982261787134, 0.8290024053323303, 0.9])
  }
}
