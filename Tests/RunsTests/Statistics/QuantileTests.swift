import Runs
import Testing

@Suite("Quantiles") struct QuantileTests {
  @Test("are scipy's")
  func golden() throws {
    for case_ in try BoundsGolden.read().quantiles {
      let normal = Quantile.normal(case_.probability)
      #expect(abs(normal - case_.normal) < 1e-9 * max(1, abs(case_.normal)))
      for (freedom, expected) in case_.student {
        let degrees = try #require(Double(freedom))
        let found = Quantile.student(case_.probability, freedom: degrees)
        #expect(abs(found - expected) < 1e-9 * max(1, abs(expected)))
      }
    }
  }
}
