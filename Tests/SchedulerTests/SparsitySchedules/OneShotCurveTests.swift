import Scheduler
import Testing

@Suite("OneShotCurve") struct OneShotCurveTests {
  @Test("round 1 is the target, and there is one round unless more are asked for")
  func atOnce() throws {
    let target = try Sparsity(0.9)
    let curve = OneShotCurve.oneShot
    #expect(try curve.sparsities(from: .zero, to: target, rounds: nil) == [target])
    #expect(try curve.sparsities(from: .zero, to: target, rounds: 2) == [target, target])
  }
}
