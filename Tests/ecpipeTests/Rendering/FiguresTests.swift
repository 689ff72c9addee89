import NeuralNetworks
import Testing
import ecpipe

@Suite("Figures")
struct FiguresTests {
  @Test(
    "decimals are cut by rounding, without a locale",
    arguments: [
      (0.0, 2, "0.00"), (1.005, 1, "1.0"), (1234.5678, 3, "1234.568"), (-0.25, 1, "-0.2"),
      (99.999, 2, "100.00"), (5, 0, "5"), (.nan, 2, "–"), (.infinity, 2, "–"),
      (-.infinity, 0, "–"),
    ])
  func fixed(value: Double, digits: Int, expected: String) {
    #expect(Figures.fixed(value, digits) == expected)
  }

  @Test("the largest number has all its digits")
  func largest() { #expect(Figures.fixed(.greatestFiniteMagnitude, 2).count == 309 + 3) }

  @Test("shares are percentages", arguments: [(0.98, "98.0 %"), (0, "0.0 %"), (1, "100.0 %")])
  func percent(share: Double, expected: String) {
    #expect(Figures.percent(share) == expected)
    #expect(Figures.percent(0.123456, 2) == "12.35 %")
  }

  @Test(
    "thousands are separated",
    arguments: [
      (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (50_200, "50,200"),
      (1_234_567, "1,234,567"), (-1234, "-1,234"), (Int.min, "-9,223,372,036,854,775,808"),
    ])
  func grouped(value: Int, expected: String) { #expect(Figures.grouped(value) == expected) }

  @Test(
    "small losses keep their digits",
    arguments: [
      (0.0, "0.0000"), (0.1234567, "0.1235"), (0.001, "0.0010"), (0.00012345, "1.23e-04"),
      (12.5, "12.5000"), (-0.00005, "-5.00e-05"), (.nan, "–"),
    ])
  func loss(value: Double, expected: String) { #expect(Figures.loss(value) == expected) }

  @Test(
    "times have hundredths below ten seconds",
    arguments: [(0.004, "0.00 s"), (9.5, "9.50 s"), (61.25, "61.2 s")])
  func seconds(value: Double, expected: String) { #expect(Figures.seconds(value) == expected) }

  @Test("quality is accuracy for classes, r² for regression, rmse where the targets do not vary")
  func quality() {
    #expect(Figures.loss(1.5e200) == "1.50e+200" && Figures.loss(-2e12) == "-2.00e+12")
    #expect(Figures.loss(.infinity) == "–")
    #expect(Figures.quality(Metrics(loss: 1, accuracy: 0.975)) == "accuracy 97.50 %")
    #expect(
      Figures.quality(Metrics(loss: 1, targets: [.init(rmse: 2, mae: 1, r2: 0.5)])) == "r² 0.5000")
    #expect(
      Figures.quality(Metrics(loss: 1, targets: [.init(rmse: 2, mae: 1, r2: -1.25e76)]))
        == "r² -1.25e+76")
    #expect(Figures.rSquared(-999_999.5) == "-999999.5000" && Figures.rSquared(.nan) == "–")
    #expect(Figures.quality(Metrics(loss: 1, targets: [.init(rmse: 2, mae: 1)])) == "rmse 2.0000")
    #expect(Figures.quality(Metrics(loss: 1)) == "–")
  }

  @Test(
    "a time to come is told coarsely",
    arguments: [(0.2, "1 s"), (89, "89 s"), (91, "2 min"), (3600, "60 min"), (7500, "2 h 5 min")])
  func durations(seconds: Double, text: String) {
    #expect(Figures.duration(seconds) == text)
  }

  @Test("a rate is whole, with tenths below ten")
  func rates() {
    #expect([9.94, 10.4, 12_345.6].map(Figures.rate) == ["9.9", "10", "12,346"])
  }
}
