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

  /// SciPy 1.17.1: scipy.stats.chi2.ppf(probability, freedom).
  @Test(
    "quantiles of chi-squared are SciPy's within 4 %, and too large far out",
    arguments: [
      (0.95, 9.0, 16.918977604620448), (0.9998, 9, 31.98902851465273), (0.5, 4, 3.3566939800333224),
      (0.999, 1, 10.827566170662733),
    ])
  func chiSquared(probability: Double, freedom: Double, expected: Double) {
    let found = Quantile.chiSquared(probability, freedom: freedom)
    #expect(abs(found - expected) < 0.04 * expected)
    #expect(probability < 0.999 || found > expected)
  }
}
