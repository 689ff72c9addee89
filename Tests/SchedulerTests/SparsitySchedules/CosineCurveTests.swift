import Scheduler
import Testing

@Suite("CosineCurve") struct CosineCurveTests {
  @Test("cos 30° = √3/2 and cos 60° = 1/2 give the values between 0 and 0.9 in 6 rounds")
  func golden() throws {
    let path = try CosineCurve.cosine.sparsities(from: .zero, to: Sparsity(0.9), rounds: 6)
    let root = 3.0.squareRoot() / 2
    expectPath(path, [0.45 * (1 - root), 0.225, 0.45, 0.675, 0.45 * (1 + root), 0.9])
  }

  @Test("cos 45° = 1/√2 gives the values between 0.2 and 0.8 in 4 rounds")
  func fromFifth() throws {
    let path = try CosineCurve.cosine.sparsities(from: Sparsity(0.2), to: Sparsity(0.8), rounds: 4)
    let root = 0.5.squareRoot()
    expectPath(path, [0.2 + 0.3 * (1 - root), 0.5, 0.2 + 0.3 * (1 + root), 0.8])
  }
}
