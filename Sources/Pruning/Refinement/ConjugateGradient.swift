/// Solves A x = b with A symmetric and positive semidefinite, known by its products alone.
///
/// Source: Hestenes and Stiefel 1952, with a diagonal preconditioner. Sums are in Double and in the order
/// of the elements.
struct ConjugateGradient {
  /// Of each element what its part of the residual is multiplied by; where it is 0, x stays 0.
  let preconditioner: [Double]
  /// The residual, in the preconditioner's norm, at which it ends early, as a share of b's.
  static let tolerance = 1e-10

  /// - Parameters:
  ///   - iterations: at most.
  ///   - product: A v.
  /// - Returns: x, and the iterations that it took.
  func solve(
    _ b: [Double], iterations: Int,
    product: ([Double]) throws(PruningError) -> [Double]
  ) throws(PruningError) -> (x: [Double], iterations: Int) {
    var x = [Double](repeating: 0, count: b.count)
    var residual = b
    var direction = zip(preconditioner, residual).map { $0 * $1 }
    var energy = dot(direction, residual)
    let enough = energy * Self.tolerance * Self.tolerance
    var done = 0
    while done < iterations, energy > enough {
      let product = try product(direction)
      let curvature = dot(direction, product)
      done += 1
      // A direction in which nothing bends, but for roundings.
      guard curvature > 0 else { break }
      let step = energy / curvature
      for index in x.indices {
        x[index] += step * direction[index]
        residual[index] -= step * product[index]
      }
      var next = 0.0
      for index in x.indices {
        next += preconditioner[index] * residual[index] * residual[index]
      }
      let share = next / energy
      for index in x.indices {
        direction[index] =
          preconditioner[index] * residual[index] + share * direction[index]
      }
      energy = next
    }
    return (x, done)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }
}
