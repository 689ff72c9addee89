import Scheduler
import Testing

@Suite("ErrorCurve") struct ErrorCurveTests {
  private func points(_ pairs: [(Int, Double)]) -> [ErrorCurve.Point] {
    pairs.map { ErrorCurve.Point(kept: $0.0, error: $0.1) }
  }

  @Test("what falls as weights go is pooled with its neighbours, everything else stays")
  func isotonic() throws {
    let curve = try ErrorCurve(
      measured: points([(10, 0), (8, 3), (6, 1), (4, 2), (2, 9), (0, 8)]))
    #expect(curve.points.map(\.error) == [0, 2, 2, 2, 8.5, 8.5])
    #expect(curve.points.map(\.kept) == [10, 8, 6, 4, 2, 0])
    // Pooling goes back as far as it has to.
    let late = try ErrorCurve(measured: points([(3, 1), (2, 2), (1, 3), (0, 0)]))
    let pooled = 5.0 / 3
    #expect(late.points.map(\.error) == [1, pooled, pooled, pooled])
  }

  @Test("between its points the curve is linear, and exact at them")
  func linear() throws {
    let curve = try ErrorCurve(measured: points([(10, 0), (6, 2), (1, 0.1 + 0.2 + 5)]))
    #expect(curve.error(keeping: 10) == 0)
    #expect(curve.error(keeping: 9) == 0.5)
    #expect(curve.error(keeping: 6) == 2)
    #expect(curve.error(keeping: 1) == 0.1 + 0.2 + 5)
    #expect(abs(curve.error(keeping: 3) - (2 + 3.3 * 3 / 5)) < 1e-12)
  }

  @Test(
    "the error never falls as weights go, roundings included", arguments: 0..<40 as Range<UInt64>)
  func monotone(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let curve = try Scenario.curve(500, &random)
    var last = 0.0
    for kept in (0...500).reversed() {
      let error = curve.error(keeping: kept)
      #expect(error >= last)
      last = error
    }
  }

  @Test("points without order, and errors that are no numbers, are refused")
  func invalid() {
    #expect(throws: BudgetError.curveOrder) { try ErrorCurve(measured: []) }
    #expect(throws: BudgetError.curveOrder) {
      try ErrorCurve(measured: points([(3, 0), (3, 1)]))
    }
    #expect(throws: BudgetError.curveOrder) {
      try ErrorCurve(measured: points([(3, 0), (-1, 1)]))
    }
    #expect(throws: BudgetError.curveInvalid(kept: 2, error: .infinity)) {
      try ErrorCurve(measured: points([(3, 0), (2, .infinity)]))
    }
    #expect(throws: BudgetError.curveInvalid(kept: 2, error: -1)) {
      try ErrorCurve(measured: points([(3, 0), (2, -1)]))
    }
  }
}
