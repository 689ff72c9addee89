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

  @Test("where samples are too few for a bound, it takes as many as scipy's t-test needs")
  func samplesForBound() {
    #expect(PairedRatio([0, 0, 9], [1, 1, 1]).samplesForBound(confidence: 0.95) == 11)
    #expect(PairedRatio([0, 1, 8], [1, 1, 1]).samplesForBound(confidence: 0.975) == 11)
    #expect(PairedRatio([3], [1]).samplesForBound(confidence: 0.975) == 2)
    #expect(PairedRatio([0, 0], [1, 1]).samplesForBound(confidence: 0.975) == nil)
    // There is one.
    #expect(PairedRatio([2, 2.1, 2.4], [2, 2.1, 2.4]).upperBound(confidence: 0.975) != nil)
    #expect(PairedRatio([2, 2.1, 2.4], [1, 1, 1]).samplesForBound(confidence: 0.975) == 2)
  }
}
