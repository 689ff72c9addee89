import Glibc

extension Philox {
  /// Two independent draws from the standard normal distribution (Box–Muller).
  package mutating func nextNormalPair() -> (Double, Double) {
    let radius = (-2 * log(1 - nextUnit())).squareRoot()
    let angle = 2 * Double.pi * nextUnit()
    return (radius * cos(angle), radius * sin(angle))
  }

  /// `count` draws from the standard normal distribution.
  package mutating func normals(_ count: Int) -> [Double] {
    var draws: [Double] = []
    draws.reserveCapacity(count + 1)
    while draws.count < count {
      let (first, second) = nextNormalPair()
      draws.append(first)
      draws.append(second)
    }
    if draws.count > count { draws.removeLast() }
    return draws
  }
}
