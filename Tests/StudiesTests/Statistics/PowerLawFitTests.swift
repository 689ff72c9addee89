import Foundation
import Studies
import Testing

@Suite("Power laws of losses") struct PowerLawFitTests {
  /// Two seeds of six sizes.
  static let sizes: [Double] = [100, 200, 400, 800, 1600, 3200, 100, 200, 400, 800, 1600, 3200]
  static let noise = [
    0.012, -0.021, 0.008, -0.004, 0.011, -0.006, -0.009, 0.015, -0.012, 0.007, -0.003, 0.002,
  ]

  private static func losses(_ loss: (Double, Double) -> Double) -> [Double] {
    zip(sizes, noise).map(loss)
  }

  static let falling = losses { 3 * pow($0, -0.5) + 0.2 + $1 }
  static let fallingToZero = losses { 12 * pow($0, -0.7) * (1 + 3 * $1) }
  static let constant = losses { 2.3 + $1 }
  static let growing = losses { 2 * pow($0, 0.15) + $1 }

  // Golden values: scipy 1.17.1, with N, y as above.
  //   curve_fit(lambda n, a, e, c: a*(n/100)**-e + c, N, y, bounds=([-inf, .01, 0], [inf, 5, inf]),
  //             ftol=1e-15, xtol=1e-15, gtol=1e-15), the best of five beginnings; s: its sum of squares.
  //   The interval: brentq(lambda e: sse(e) - s*(1 + f.ppf(.95, 1, 9)/9)), sse(e) by lsq_linear of
  //   [(N/100)**-e, 1] with bounds [-inf, 0].. ; p: f.sf((sst - s)/2/(s/9), 2, 9).
  @Test("A fit with a floor is scipy's, and so is the interval of its exponent")
  func floor() throws {
    let fit = try #require(PowerLawFit(sizes: Self.sizes, losses: Self.falling))
    #expect(abs(fit.scale - 3.2223644598) < 1e-4)
    #expect(abs(fit.exponent - 0.5192940291) < 1e-5)
    #expect(abs(fit.floor - 0.2055642303) < 1e-5)
    #expect(abs(fit.squares - 0.0013268680798) < 1e-9)
    #expect(abs(fit.exponentInterval.lowerBound - 0.3152614370) < 1e-6)
    #expect(abs(fit.exponentInterval.upperBound - 0.7431273193) < 1e-6)
    #expect(abs(fit.p / 6.534374991576e-9 - 1) < 1e-4)
    #expect(abs(fit.loss(at: 400) - (fit.scale * pow(400, -fit.exponent) + fit.floor)) < 1e-12)
  }

  @Test("A law that falls to nothing has a small floor")
  func noFloor() throws {
    let fit = try #require(PowerLawFit(sizes: Self.sizes, losses: Self.fallingToZero))
    #expect(abs(fit.scale - 12.9442339307) < 1e-3)
    #expect(abs(fit.exponent - 0.7173806851) < 1e-5)
    #expect(abs(fit.floor - 0.0036557399744) < 1e-5)
    #expect(abs(fit.exponentInterval.lowerBound - 0.6614878584) < 1e-6)
    #expect(abs(fit.exponentInterval.upperBound - 0.8359452620) < 1e-6)
    #expect(abs(fit.p / 1.2698762229754e-11 - 1) < 1e-4)
  }

  @Test("Of losses that stay nothing is known of the exponent")
  func constant() throws {
    let fit = try #require(PowerLawFit(sizes: Self.sizes, losses: Self.constant))
    #expect(abs(fit.squares - 0.0013292095569608) < 1e-9)
    #expect(fit.exponentInterval == 0...Double.infinity)
    #expect(abs(fit.p - 0.98394158350) < 1e-5)
  }

  @Test("Losses that grow are a law with a negative scale and the smallest exponent")
  func growing() throws {
    let fit = try #require(PowerLawFit(sizes: Self.sizes, losses: Self.growing))
    #expect(fit.scale < 0 && abs(fit.exponent - 0.01) < 1e-9)
    #expect(abs(fit.squares - 0.0684593589798) < 1e-8)
    #expect(fit.exponentInterval.lowerBound == 0)
    #expect(abs(fit.exponentInterval.upperBound - 0.0509939335) < 1e-6)
  }

  @Test("A floor that would be below 0 is 0")
  func negativeFloor() throws {
    let sizes = [1.0, 2, 3, 4, 5, 6]
    let fit = try #require(PowerLawFit(sizes: sizes, losses: sizes.map { 7 - $0 }))
    #expect(fit.floor == 0 && fit.scale > 0)
  }

  @Test("Three sizes are too few, and equal losses have no scale")
  func degenerate() throws {
    #expect(PowerLawFit(sizes: [1, 2, 3, 3], losses: [3, 2, 1, 1]) == nil)
    let flat = try #require(PowerLawFit(sizes: [1, 2, 3, 4], losses: [2, 2, 2, 2]))
    #expect(flat.scale == 0 && flat.floor == 2 && flat.p == 1)
  }
}
