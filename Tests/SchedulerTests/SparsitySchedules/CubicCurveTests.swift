import Scheduler
import Testing

@Suite("CubicCurve") struct CubicCurveTests {
  @Test("0.98·(1 − (1 − i/12)³), Zhu and Gupta's Eq. 1 from 0")
  func fromDense() throws {
    let path = try CubicCurve.cubic.sparsities(from: .zero, to: Sparsity(0.98), rounds: 12)
    expectPath(
      path,
      [
        0.22515046296296304, 0.4128703703703702, 0.5665625, 0.6896296296296295,
        0.7854745370370372, 0.8574999999999999, 0.9091087962962964, 0.9437037037037036,
        0.9646875, 0.975462962962963, 0.9794328703703703, 0.98,
      ])
  }

  @Test("0.9 − 0.4·(1 − i/4)³, from 0.5")
  func fromHalf() throws {
    let path = try CubicCurve.cubic.sparsities(from: Sparsity(0.5), to: Sparsity(0.9), rounds: 4)
    expectPath(path, [0.73125, 0.85, 0.89375, 0.9])
  }
}
