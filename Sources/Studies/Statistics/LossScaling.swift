/// How a loss goes with the number of samples that a network was trained on.
package struct LossScaling: Sendable, Equatable {
  package enum Course: Sendable {
    case falls
    case stays
    case grows
  }

  package let fit: PowerLawFit
  package let slope: LogSlope

  /// A fit has to beat a constant with less than this.
  private static let significance = 0.01

  /// When a loss counts as falling, for pages.
  package static let fallingTest =
    "the fit L(N) = a·N^(−α) + c with c ≥ 0 beats a constant (F-test, p < 0.01), a is above 0, so is the 95 % "
    + "interval of α, and the 95 % interval of the slope of ln L over ln N is below 0"
  /// When it counts as growing.
  package static let growingTest = "the 95 % interval of the slope of ln L over ln N is above 0"

  /// - Returns: nil for fewer than four sizes, or a loss that is not above 0.
  package init?(sizes: [Double], losses: [Double]) {
    guard let fit = PowerLawFit(sizes: sizes, losses: losses),
      let slope = LogSlope(sizes: sizes, losses: losses)
    else { return nil }
    (self.fit, self.slope) = (fit, slope)
  }

  package var course: Course {
    if slope.interval.lowerBound > 0 { return .grows }
    let isLaw =
      fit.p < Self.significance && fit.scale > 0 && fit.exponentInterval.lowerBound > 0
    return isLaw && slope.interval.upperBound < 0 ? .falls : .stays
  }
}
