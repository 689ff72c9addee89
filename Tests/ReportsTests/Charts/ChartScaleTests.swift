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

  @Test("have marks whose texts tell them apart", arguments: [99.9, 100.02, 0.00012, 123_456])
  func labels(middle: Double) {
    let labels = ChartScale([middle * 0.9995, middle * 1.0005], logarithmic: false).labels(
      digits: 3)
    #expect(labels.count > 2 && Set(labels.map(\.text)).count == labels.count)
    #expect(labels.allSatisfy { abs((Double($0.text) ?? 0) - $0.value) < 1e-5 * middle })
    let plain = ChartScale([0, 100], logarithmic: false).labels(digits: 3)
    #expect(plain.map(\.text) == ["0", "20", "40", "60", "80", "100"])
  }

  @Test("stand values of one size apart from the ends")
  func single() {
    #expect(ChartScale([5, 5], logarithmic: false).share(5) == 0.5)
    #expect(ChartScale([0, 0], logarithmic: false).share(0) == 0.5)
    #expect(abs(ChartScale([5], logarithmic: true).share(5) - 0.5) < 1e-9)
  }
}
