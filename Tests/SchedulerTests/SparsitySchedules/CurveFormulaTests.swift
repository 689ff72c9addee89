import Scheduler
import Testing

@Suite("CurveFormula") struct CurveFormulaTests {
  @Test("linear: equal steps")
  func linear() throws {
    let path = try SparsityCurve.linear.sparsities(
      from: Sparsity(0.5), to: Sparsity(0.9), rounds: 4)
    expectPath(path, [0.6, 0.7, 0.8, 0.9])
  }

  @Test("linear: rounds must be given")
  func rounds() throws {
    #expect(throws: SparsityError.roundsMissing(curve: "linear")) {
      try SparsityCurve.linear.sparsities(from: .zero, to: Sparsity(0.9), rounds: nil)
    }
  }

  @Test("cubic: 0.98·(1 − (1 − i/12)³), Zhu and Gupta's Eq. 1 from 0")
  func cubicFromDense() throws {
    let path = try SparsityCurve.cubic.sparsities(from: .zero, to: Sparsity(0.98), rounds: 12)
    expectPath(
      path,
      [
        0.22515046296296304, 0.4128703703703702, 0.5665625, 0.6896296296296295,
        0.7854745370370372, 0.8574999999999999, 0.9091087962962964, 0.9437037037037036,
        0.9646875, 0.975462962962963, 0.9794328703703703, 0.98,
      ])
  }

  @Test("cubic: 0.9 − 0.4·(1 − i/4)³, from 0.5")
  func cubicFromHalf() throws {
    let path = try SparsityCurve.cubic.sparsities(from: Sparsity(0.5), to: Sparsity(0.9), rounds: 4)
    expectPath(path, [0.73125, 0.85, 0.89375, 0.9])
  }

  @Test("exponential: densities are a geometric sequence: 1/2, 1/4, 1/8, 1/16")
  func halves() throws {
    let path = try SparsityCurve.exponential.sparsities(
      from: .zero, to: Sparsity(0.9375), rounds: 4)
    expectPath(path, [0.5, 0.75, 0.875, 0.9375])
  }

  @Test("exponential: 1 − 0.5·0.2^(i/3), from 0.5 to 0.9")
  func exponentialFromHalf() throws {
    let path = try SparsityCurve.exponential.sparsities(
      from: Sparsity(0.5), to: Sparsity(0.9), rounds: 3)
    expectPath(path, [0.7075982261787134, 0.8290024053323303, 0.9])
  }

  @Test("cosine: cos 30° = √3/2 and cos 60° = 1/2 give the values between 0 and 0.9 in 6 rounds")
  func cosine() throws {
    let path = try SparsityCurve.cosine.sparsities(from: .zero, to: Sparsity(0.9), rounds: 6)
    let root = 3.0.squareRoot() / 2
    expectPath(path, [0.45 * (1 - root), 0.225, 0.45, 0.675, 0.45 * (1 + root), 0.9])
  }

  @Test("cosine: cos 45° = 1/√2 gives the values between 0.2 and 0.8 in 4 rounds")
  func cosineFromFifth() throws {
    let path = try SparsityCurve.cosine.sparsities(
      from: Sparsity(0.2), to: Sparsity(0.8), rounds: 4)
    let root = 0.5.squareRoot()
    expectPath(path, [0.2 + 0.3 * (1 - root), 0.5, 0.2 + 0.3 * (1 + root), 0.8])
  }
}
