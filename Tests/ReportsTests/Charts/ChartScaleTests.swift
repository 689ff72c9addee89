import Testing
import Reports

@Suite("Chart scales")
struct ChartScaleTests {
  @Test("have all values inside, in order", arguments: [true, false])
  func inside(logarithmic: Bool) {
    let scale = ChartScale([0.2, 3, 40], logarithmic: logarithmic)
    let shares = [0.2, 3, 40].map(scale.share)
    #expect(shares == shares.sorted() && shares[0] > 0 && shares[2] < 1)
    #expect(scale.ticks.allSatisfy { (scale.low...scale.high).contains($0) })
    #expect((3...12).contains(scale.ticks.count))
  }

  @Test("are not logarithmic for what has no logarithm")
  func zero() {
    #expect(!ChartScale([0, 1], logarithmic: true).isLogarithmic)
    #expect(ChartScale([0.1, 1], logarithmic: true).isLogarithmic)
  }

  @Test("stand values of one size apart from the ends")
  func single() {
    #expect(ChartScale([5, 5], logarithmic: false).share(5) == 0.5)
    #expect(ChartScale([0, 0], logarithmic: false).share(0) == 0.5)
    #expect(abs(ChartScale([5], logarithmic: true).share(5) - 0.5) < 1e-9)
  }
}
