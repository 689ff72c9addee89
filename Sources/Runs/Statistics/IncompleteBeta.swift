import Glibc

/// The regularised incomplete beta function I_x(a, b), from which the distribution of t follows.
package enum IncompleteBeta {
  /// I_x(a, b) for 0 ≤ x ≤ 1 and a, b > 0, to about 1e-13 relative.
  ///
  /// By the continued fraction of DLMF 8.17.22 after Lentz's method, on the side of the mean where it
  /// converges fast.
  package static func value(_ x: Double, a: Double, b: Double) -> Double {
    precondition((0...1).contains(x) && a > 0 && b > 0, "x in 0…1, a and b above 0")
    if x == 0 || x == 1 { return x }
    let front = exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x))
    return x < (a + 1) / (a + b + 2)
      ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b
  }

  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func kept(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / kept(1 - (a + b) * x / (a + 1))
    var result = d
    for step in 1...1_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / kept(1 + even * d)
      c = kept(1 + even / c)
      result *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / kept(1 + odd * d)
      c = kept(1 + odd / c)
      result *= d * c
      if abs(d * c - 1) < 1e-15 { break }
    }
    return result
  }

  private static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }
}
