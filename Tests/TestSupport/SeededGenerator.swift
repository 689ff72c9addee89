/// Reproducible test data from a seed: SplitMix64 (Steele et al. 2014), independent of the generator
/// under test.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator that repeats itself for the same `seed`.
  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// `count` numbers in [-bound, bound).
  package mutating func floats(_ count: Int, bound: Float = 1) -> [Float] {
    // Not Float.random(in:using:), which is slow without optimisation.
    (0..<count).map { _ in (Float(next() >> 40) * 0x1p-23 - 1) * bound }
  }

  /// `count` integers in 0..<limit.
  package mutating func integers(_ count: Int, below limit: Int) -> [Int] {
    (0..<count).map { _ in Int(next() % UInt64(limit)) }
  }
}
