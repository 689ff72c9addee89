import Runs
import Testing

@Suite("Summaries")
struct SummaryTests {
  @Test("are mean and standard error of the mean")
  func mean() {
    let summary = Summary([1, 2, 4, 5])
    #expect(summary.mean == 3 && summary.count == 4)
    #expect(abs((summary.standardError ?? 0) - (10.0 / 12).squareRoot()) < 1e-15)
    #expect(Summary([7]).standardError == nil)
  }

  @Test(
    "interpolate quantiles between neighbours",
    arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 3), (0.75, 4.25), (1, 5)])
  func quantiles(share: Double, value: Double) {
    #expect(Summary.quantile(share, ofSorted: [1, 2, 4, 5]) == value)
    #expect(Summary.quantile(share, ofSorted: [6]) == 6)
  }
}
