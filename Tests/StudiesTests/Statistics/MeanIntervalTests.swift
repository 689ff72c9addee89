import Glibc
import Runs
import Studies
import Testing

@Suite("The interval of a mean")
struct MeanIntervalTests {
  /// Quantiles of Student's t as tables have them.
  @Test(
    "has the quantiles of Student's t",
    arguments: [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (100, 1.984)])
  func quantiles(freedom: Int, t: Double) {
    #expect(abs(Quantile.student(0.975, freedom: Double(freedom)) - t) < 5e-4)
  }

  @Test("lies about the mean by so many standard errors")
  func interval() throws {
    let interval = try #require(MeanInterval([1, 2, 3, 4, 5]))
    // Deviation √2.5, error √0.5.
    #expect(interval.mean == 3 && interval.count == 5)
    #expect(abs(interval.high - 3 - 2.776445 * 0.5.squareRoot()) < 1e-5)
    #expect(abs(interval.high + interval.low - 6) < 1e-12)
  }

  @Test("of ratios is that of their logarithms, so that inverses have the inverse one")
  func ratios() throws {
    // Logarithms 0, ln 2 and ln 4: mean ln 2, deviation ln 2, error ln 2 / √3.
    let interval = try #require(MeanInterval(ratios: [1, 2, 4]))
    #expect(interval.count == 3 && abs(interval.mean - 2) < 1e-12)
    #expect(abs(log2(interval.high) - (1 + 4.302653 / 3.0.squareRoot())) < 1e-5)
    let inverse = try #require(MeanInterval(ratios: [1, 0.5, 0.25]))
    #expect(abs(inverse.low * interval.high - 1) < 1e-12 && inverse.low > 0)
    #expect(MeanInterval(ratios: [1]) == nil)
  }

  @Test("is nothing for fewer than two values")
  func few() {
    #expect(MeanInterval([]) == nil && MeanInterval([1]) == nil)
  }
}
