import Runs
import Testing

@Suite("Paired ratios") struct PairedRatioTests {
  @Test("the bound of the increase is where scipy's t-test changes its mind")
  func golden() throws {
    for case_ in try BoundsGolden.read().ratios {
      let ratio = PairedRatio(case_.first, case_.second)
      for (confidence, bound) in case_.bounds {
        let level = try #require(Double(confidence))
        let found = try #require(ratio.upperBound(confidence: level))
        #expect(abs(found - bound) < 1e-9 * max(1, abs(bound)))
      }
    }
  }

  @Test("equal losses are no increase, whatever the confidence")
  func same() throws {
    let ratio = PairedRatio([2, 2.1, 2.4], [2, 2.1, 2.4])
    #expect(ratio.increase == 0)
    #expect(abs(try #require(ratio.upperBound(confidence: 0.99))) < 1e-7)
  }

  @Test("there is no bound where the first mean is not told from 0, or nothing is left to vary")
  func unbounded() {
    #expect(PairedRatio([0, 0, 9], [1, 1, 1]).upperBound(confidence: 0.95) == nil)
    #expect(PairedRatio([0, 0], [0, 0]).upperBound(confidence: 0.95) == nil)
    #expect(PairedRatio([1], [1]).upperBound(confidence: 0.95) == nil)
    #expect(PairedRatio([0, 0], [0, 0]).increase == 0)
    #expect(PairedRatio([0, 0], [0, 1]).increase == .infinity)
  }
}
