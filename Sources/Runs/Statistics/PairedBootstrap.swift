import NumericCore

/// How much worse one network's error may be than another's on the same rows: rows are drawn again, with
/// replacement, for both alike, and a quantile of the ratio taken.
///
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, section 13.3 (percentiles).
package struct PairedBootstrap: Sendable {
  /// What rows come to.
  package enum Statistic: Sendable {
    /// The mean of the values.
    case mean
    /// The root of the mean of the values, which are squares.
    case root
  }

  /// How often rows are drawn; fewer where there are very many rows.
  static let draws = 2000
  /// Values that are added up at most, all draws together.
  private static let work = 400_000_000

  private let statistic: Statistic
  private let seed: UInt64

  package init(_ statistic: Statistic, seed: UInt64) {
    self.statistic = statistic
    self.seed = seed
  }

  /// What the rows come to; a value a row, not negative.
  package func value(of values: [Double]) -> Double {
    finish(values.reduce(0, +), values.count)
  }

  /// The one-sided upper bound of `challenger` over `champion`, minus 1, at `confidence`, in (0, 1): a
  /// function of the arguments and the seed. Infinite where the champion makes no error in a draw, and the
  /// challenger does.
  ///
  /// - Parameters: values of as many rows, at least one.
  package func upperBound(
    champion: [Double], challenger: [Double], confidence: Double
  ) -> Double {
    let rows = champion.count
    let draws = max(200, min(Self.draws, Self.work / max(1, rows)))
    var ratios: [Double] = []
    for draw in 0..<draws {
      var generator = Philox(seed: seed, purpose: .bootstrap, index: UInt64(draw))
      var (before, after) = (0.0, 0.0)
      for _ in 0..<rows {
        let row = generator.next(below: rows)
        before += champion[row]
        after += challenger[row]
      }
      (before, after) = (finish(before, rows), finish(after, rows))
      ratios.append(before > 0 ? after / before - 1 : after > 0 ? .infinity : 0)
    }
    ratios.sort()
    // The smallest value that at least this share of the draws does not exceed.
    let place = Int((confidence * Double(draws)).rounded(.up)) - 1
    return ratios[min(max(0, place), draws - 1)]
  }

  private func finish(_ sum: Double, _ rows: Int) -> Double {
    let mean = sum / Double(rows)
    return switch statistic {
    case .mean: mean
    case .root: mean.squareRoot()
    }
  }
}
