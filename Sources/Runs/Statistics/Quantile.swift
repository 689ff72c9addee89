import Glibc

/// Quantiles of the distributions that confidence bounds are made of.
package enum Quantile {
  /// The z with Φ(z) = `probability`, which lies in (0, 1), for the standard normal distribution.
  package static func normal(_ probability: Double) -> Double {
    symmetric(probability) { 0.5 * erfc($0 / 2.0.squareRoot()) }
  }

  /// The t below which Student's distribution with `freedom` > 0 degrees of freedom has `probability`,
  /// which lies in (0, 1).
  package static func student(_ probability: Double, freedom: Double) -> Double {
    symmetric(probability) { t in
      0.5 * IncompleteBeta.value(freedom / (freedom + t * t), a: freedom / 2, b: 0.5)
    }
  }

  /// The value below which the chi-squared distribution with `freedom` ≥ 1 degrees of freedom has
  /// `probability`, in (0, 1): by the cube of a normal variable. From 0.5 to 0.999 within 4 %; beyond too
  /// large, at 1 − 10⁻⁷ by 19 % for one degree, by 3 % for nine.
  ///
  /// Source: Wilson and Hilferty, "The distribution of chi-square", PNAS 17, 1931.
  package static func chiSquared(_ probability: Double, freedom: Double) -> Double {
    let spread = 2 / (9 * freedom)
    let root = 1 - spread + normal(probability) * spread.squareRoot()
    return freedom * max(0, root * root * root)
  }

  /// Inverts a distribution that is symmetric about 0 and has the probability `above` above t ≥ 0, by
  /// bisection down to neighbouring numbers.
  private static func symmetric(_ probability: Double, above: (Double) -> Double) -> Double {
    precondition(probability > 0 && probability < 1, "a probability inside (0, 1)")
    let tail = min(probability, 1 - probability)
    if tail == 0.5 { return 0 }
    var (low, high) = (0.0, 1.0)
    while above(high) > tail, high < 1e150 { (low, high) = (high, 2 * high) }
    while true {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if above(middle) > tail { low = middle } else { high = middle }
    }
    return probability < 0.5 ? -high : high
  }
}
