import Runs
import Testing

@Suite("Paired proportions") struct PairedProportionsTests {
  @Test("the bound of the drop is where the most likely proportions say so")
  func golden() throws {
    for case_ in try BoundsGolden.read().drops {
      let pair = PairedProportions(
        samples: case_.samples, lost: case_.lost, gained: case_.gained)
      #expect(abs(pair.drop - case_.drop) < 1e-15)
      // scipy maximises the likelihood numerically, to about 1e-8 of the share.
      #expect(abs(pair.upperBound(confidence: case_.confidence) - case_.bound) < 1e-8)
    }
  }

  @Test("without a sample on which they differ the bound is z²/(n + z²)")
  func same() {
    let squared = 1.6448536269514722 * 1.6448536269514722
    for samples in [1, 10, 270, 3000] {
      let bound = PairedProportions(samples: samples, lost: 0, gained: 0)
        .upperBound(confidence: 0.95)
      #expect(abs(bound - squared / (Double(samples) + squared)) < 1e-12)
    }
  }

  @Test("the bound grows with confidence and with what is lost")
  func monotony() {
    func bound(_ lost: Int, _ gained: Int, _ confidence: Double) -> Double {
      PairedProportions(samples: 500, lost: lost, gained: gained)
        .upperBound(confidence: confidence)
    }
    for lost in 0..<20 {
      #expect(bound(lost + 1, 5, 0.95) > bound(lost, 5, 0.95))
      #expect(bound(lost, 5, 0.99) > bound(lost, 5, 0.9))
      #expect(bound(lost, 6, 0.95) < bound(lost, 5, 0.95))
    }
    #expect(PairedProportions(samples: 3, lost: 3, gained: 0).upperBound(confidence: 0.5) <= 1)
    #expect(PairedProportions(samples: 3, lost: 0, gained: 3).upperBound(confidence: 0.5) >= -1)
  }
}
