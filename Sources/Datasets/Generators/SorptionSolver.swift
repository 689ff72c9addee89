/// Solves `SorptionEquation` by the method of lines.
///
/// Space: finite volumes of equal width h with u at their centres, second order. The fluxes D ∂u/∂x
/// at the ends take the boundary values at the faces: u = 1 at x = 0, and at x = 1 the u that solves
/// u = −D ∂u/∂x. What leaves one volume enters the next, so the content Σ m(u) h changes by the two
/// boundary fluxes alone, to rounding.
///
/// Time: Alexander's singly diagonally implicit Runge–Kutta method of three stages (SIAM J. Numer.
/// Anal. 14, 1977), third order, L-stable, for m; its last stage is the new value. The start does not
/// fit the boundary values, so the solution has layers as wide as √t: steps grow in proportion to t,
/// from 1e-3.
///
/// A stage is one tridiagonal system, m(u) − γ Δt F(u) = what is known, by Newton's method. The
/// function is concave and its derivative an M-matrix, for which Newton's method converges from any
/// start.
package struct SorptionSolver {
  /// Step over time elapsed, and the first step. Errors in time fall with the cube of the ratio; at
  /// this one they are about 1e-6, where 192 volumes make errors of 4e-5 in space.
  package static let stepRatio = 0.05
  private static let firstStep = 1e-3
  /// Newton's method ends when no u has changed by more; what is left then is about its square.
  private static let tolerance = 1e-9
  private static let mostIterations = 100

  /// γ, the diagonal of the method.
  private static let gamma = 0.435866521508458999
  /// a21, below the diagonal.
  private static let second = (1 - gamma) / 2
  /// b1 and b2.
  private static let third = (
    -(6 * gamma * gamma - 16 * gamma + 1) / 4, (6 * gamma * gamma - 20 * gamma + 5) / 4
  )

  private let equation: SorptionEquation
  private let stepRatio: Double
  /// Volumes.
  private let count: Int
  /// D / h² between neighbours.
  private let inner: Double
  /// Of the left end: 2 D / h², times u − 1.
  private let left: Double
  /// Of the right end, times u: with the boundary value b = r u / (1 + r) for r = 2 D / h, b / h.
  private let right: Double

  /// u at the centres of the volumes.
  package private(set) var values: [Double]
  package private(set) var time = 0.0
  /// ∫ of the inflow at x = 0 and of the outflow at x = 1 so far, by the method's own weights.
  package private(set) var inflow = 0.0
  package private(set) var outflow = 0.0

  // Working memory of a stage.
  private var stage: [Double]
  private var fluxes: [[Double]]
  private var known: [Double]
  private var upper: [Double]
  private var change: [Double]

  /// - Parameters:
  ///   - initial: u0, the same everywhere, above 0.
  ///   - count: volumes, at least 2.
  package init(
    _ equation: SorptionEquation, initial: Double, count: Int,
    stepRatio: Double = SorptionSolver.stepRatio
  ) {
    precondition(count >= 2 && initial > 0)
    self.equation = equation
    self.stepRatio = stepRatio
    self.count = count
    let width = 1 / Double(count)
    inner = equation.diffusion / (width * width)
    left = 2 * inner
    let ratio = 2 * equation.diffusion / width
    right = ratio / (1 + ratio) / width
    values = Array(repeating: initial, count: count)
    stage = values
    known = values
    upper = values
    change = values
    fluxes = Array(repeating: values, count: 3)
  }

  /// The content ∫ m(u) dx.
  package var content: Double {
    values.reduce(0) { $0 + equation.content($1).content } / Double(count)
  }

  /// Goes on to `end`, which is exactly reached.
  package mutating func advance(to end: Double) {
    while time < end {
      let wanted = max(Self.firstStep, stepRatio * time)
      let left = end - time
      // Two steps of equal length rather than one that is much too short.
      let isLast = left <= wanted * 1.000_001
      let step = isLast ? left : left < 2 * wanted ? left / 2 : wanted
      take(step)
      time = isLast ? end : time + step
    }
  }

  private mutating func take(_ step: Double) {
    var contents = values
    for index in 0..<count { contents[index] = equation.content(values[index]).content }
    stage = values
    for number in 0..<3 {
      for index in 0..<count {
        var sum = contents[index]
        if number == 1 { sum += step * Self.second * fluxes[0][index] }
        if number == 2 {
          sum += step * (Self.third.0 * fluxes[0][index] + Self.third.1 * fluxes[1][index])
        }
        known[index] = sum
      }
      solve(step: Self.gamma * step)
      for index in 0..<count { fluxes[number][index] = divergence(index) }
      let weight = [Self.third.0, Self.third.1, Self.gamma][number]
      inflow += step * weight * left * (1 - stage[0]) / Double(count)
      outflow += step * weight * right * stage[count - 1] / Double(count)
    }
    values = stage
  }

  /// What flows into volume `index`, per width.
  private func divergence(_ index: Int) -> Double {
    let u = stage[index]
    let below = index == 0 ? left * (1 - u) : inner * (stage[index - 1] - u)
    let above = index == count - 1 ? -right * u : inner * (stage[index + 1] - u)
    return below + above
  }

  /// Solves m(stage) − step · F(stage) = known, from `stage` as it is.
  private mutating func solve(step: Double) {
    let coupling = step * inner
    for _ in 0..<Self.mostIterations {
      // Forward elimination of the tridiagonal Jacobian beside the residual.
      for index in 0..<count {
        let (content, retardation) = equation.content(stage[index])
        let residual = known[index] - content + step * divergence(index)
        let ends = (index == 0 ? left : inner) + (index == count - 1 ? right : inner)
        let diagonal = retardation + step * ends
        if index == 0 {
          upper[0] = coupling / diagonal
          change[0] = residual / diagonal
        } else {
          let pivot = diagonal - coupling * upper[index - 1]
          upper[index] = coupling / pivot
          change[index] = (residual + coupling * change[index - 1]) / pivot
        }
      }
      var largest = 0.0
      var next = 0.0
      for index in stride(from: count - 1, through: 0, by: -1) {
        next = change[index] + (index == count - 1 ? 0 : upper[index] * next)
        stage[index] += next
        largest = max(largest, abs(next))
      }
      if largest <= Self.tolerance { return }
    }
  }
}
