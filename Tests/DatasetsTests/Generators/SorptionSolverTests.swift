import Datasets
import Foundation
import TestSupport
import Testing

@Suite("Solver of the diffusion–sorption equation")
struct SorptionSolverTests {
  /// Solutions by SciPy's Radau on finite differences, extrapolated; see `make_sorption_golden.py`.
  private struct Golden: Decodable {
    struct Case: Decodable {
      let diffusion: Double
      let freundlich: Double
      let initial: Double
      let times: [Double]
      /// By time, at the centres of eight cells.
      let values: [[Double]]
      let uncertainty: Double
    }
    let cases: [Case]
  }

  private static let golden = Result {
    try GoldenFile.load("generators/sorption.json", as: Golden.self).cases
  }

  /// The largest difference from the golden solution on `count` volumes, an odd multiple of 8.
  private func error(_ golden: Golden.Case, count: Int, stepRatio: Double) -> Double {
    var solver = SorptionSolver(
      SorptionEquation(diffusion: golden.diffusion, freundlich: golden.freundlich),
      initial: golden.initial, count: count, stepRatio: stepRatio)
    var largest = 0.0
    for (time, values) in zip(golden.times, golden.values) {
      solver.advance(to: time)
      #expect(solver.time == time)
      for (point, value) in values.enumerated() {
        largest = max(largest, abs(solver.values[(2 * point + 1) * count / 16] - value))
      }
    }
    return largest
  }

  @Test("errors are those of a scheme of second order in space, against SciPy", arguments: 0..<3)
  func order(index: Int) throws {
    let golden = try Self.golden.get()[index]
    let ratio = 0.1
    let coarse = error(golden, count: 24, stepRatio: ratio)
    let fine = error(golden, count: 72, stepRatio: ratio)
    // Both stand far above what is not of space: SciPy's own error, and that of the time steps.
    #expect(golden.uncertainty < 1e-6 && fine > 1e-4 && coarse < 5e-3)
    #expect(log(coarse / fine) / log(3) > 1.9)
    #expect(log(coarse / fine) / log(3) < 2.1)
  }

  @Test("errors in time fall with about the cube of the step, far below those in space in use")
  func time() {
    func solution(_ ratio: Double) -> [Double] {
      var solver = SorptionSolver(
        SorptionEquation(diffusion: 5e-4, freundlich: 3.5e-4), initial: 0.1, count: 24,
        stepRatio: ratio)
      solver.advance(to: 500)
      return solver.values
    }
    let exact = solution(0.0125)
    let errors = [0.1, SorptionSolver.stepRatio].map { ratio in
      zip(solution(ratio), exact).map { abs($0 - $1) }.max()!
    }
    #expect(errors[1] < 2e-6)
    // The reference's own error, a 64th of the last, and the first layers keep it from being 3.
    #expect(log2(errors[0] / errors[1]) > 2.3)
  }

  @Test("the content changes by what flows in and out, to rounding", arguments: [1e-6, 0.05, 0.2])
  func mass(initial: Double) {
    var solver = SorptionSolver(
      SorptionEquation(diffusion: 4.3e-4, freundlich: 4e-4), initial: initial, count: 40)
    let start = solver.content
    for time in [1.0, 60, 500] {
      solver.advance(to: time)
      #expect(abs(solver.content - start - solver.inflow + solver.outflow) < 1e-12)
    }
    #expect(solver.inflow > 0.5 && solver.outflow > 0)
    // Between the boundary values and falling towards the outlet.
    #expect(solver.values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(zip(solver.values, solver.values.dropFirst()).allSatisfy { $0 > $1 })
  }

  @Test("without concentration differences at the inlet, and none lost, nothing would move")
  func rest() {
    var solver = SorptionSolver(
      SorptionEquation(diffusion: 5e-4, freundlich: 3.5e-4), initial: 1, count: 30)
    solver.advance(to: 0.01)
    // Far from the outlet the solution is the constant it begins with.
    #expect(solver.values[..<25].allSatisfy { abs($0 - 1) < 1e-12 })
    #expect(solver.values[29] < 1 - 1e-4)
  }

  @Test("the same solution whatever times are looked at on the way, within the error in time")
  func way() {
    func end(_ times: [Double]) -> [Double] {
      var solver = SorptionSolver(
        SorptionEquation(diffusion: 5e-4, freundlich: 3.5e-4), initial: 0.1, count: 24)
      for time in times { solver.advance(to: time) }
      return solver.values
    }
    for (a, b) in zip(end([500]), end([0.5, 7, 123, 500])) { #expect(abs(a - b) < 5e-6) }
  }
}
