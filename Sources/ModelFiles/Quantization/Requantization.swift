/// A sum of products of bytes becomes a byte of another scale: times multiplier / 2^(31 + shift), rounded as
/// CMSIS-NN does it (`arm_nn_requantize`, in two steps, the second away from 0 at the middle).
package enum Requantization {
  /// The largest shift; with it, next to nothing is left of a sum.
  package static let mostShift = 30

  /// The number for `sum`.
  package static func value(_ sum: Int32, multiplier: Int32, shift: Int32) -> Int32 {
    let product = Int64(sum) * Int64(multiplier) + (1 << 30)
    let doubled = Int32(truncatingIfNeeded: product >> 31)
    let mask = (Int32(1) << shift) - 1
    let threshold = (mask >> 1) + (doubled < 0 ? 1 : 0)
    return (doubled >> shift) + ((doubled & mask) > threshold ? 1 : 0)
  }

  /// The common shift and the multipliers for `factors`, whose absolute values are below 1.
  package static func parts(of factors: [Double]) -> (multipliers: [Int32], shift: Int32) {
    let largest = factors.reduce(0) { max($0, abs($1)) }
    var shift = 0
    var power = 2_147_483_648.0
    while shift < mostShift, largest * power * 2 < 2_147_483_647 {
      shift += 1
      power *= 2
    }
    let multipliers = factors.map { factor in
      Int32(min(max((factor * power).rounded(), -2_147_483_647), 2_147_483_647))
    }
    return (multipliers, Int32(shift))
  }
}
