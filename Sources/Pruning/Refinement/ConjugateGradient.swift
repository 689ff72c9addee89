/// Solves A x = b iteration by iteration, with A symmetric and positive semidefinite and known by its products
/// alone.
///
/// Source: Hestenes and Stiefel 1952, with a diagonal preconditioner. Sums are in Double and in the order
/// of the elements.
struct ConjugateGradient {
  /// The solution so far; 0 at first.
  private(set) var x: [Double]
  /// Of each element what its part of the residual is multiplied by; where it is 0, x stays 0.
  private let preconditioner: [Double]
  private var residual: [Double]
  private var direction: [Double]
  /// The residual's square in the preconditioner's norm, and the one at which nothing is left to do.
  private var energy: Double
  private let enough: Double

  /// The residual, in that norm, that counts as none, as a share of b's.
  private static let tolerance = 1e-10

  init(_ b: [Double], preconditioner: [Double]) {
    self.preconditioner = preconditioner
    x = [Double](repeating: 0, count: b.count)
    residual = b
    direction = zip(preconditioner, b).map { $0 * $1 }
    energy = Self.dot(direction, b)
    enough = energy * Self.tolerance * Self.tolerance
  }

  /// One iteration.
  ///
  /// - Parameter product: A v.
  /// - Returns: false where nothing is left to do; x is as it was.
  mutating func advance(
    _ product: ([Double]) throws(PruningError) -> [Double]
  ) throws(PruningError) -> Bool {
    guard energy > enough else { return false }
    let product = try product(direction)
    let curvature = Self.dot(direction, product)
    // A direction in which nothing bends, but for roundings.
    guard curvature > 0 else { return false }
    let step = energy / curvature
    var next = 0.0
    for index in x.indices {
      x[index] += step * direction[index]
      residual[index] -= step * product[index]
      next += preconditioner[index] * residual[index] * residual[index]
    }
    let share = next / energy
    for index in x.indices {
      direction[index] = preconditioner[index] * residual[index] + share * direction[index]
    }
    energy = next
    return true
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
