import Glibc

/// Diffusion with sorption in a column of soil, as in PDEBench (Takamoto et al., NeurIPS 2022):
///
///     ∂u/∂t = D / R(u) ∂²u/∂x²   0 < x < 1, 0 < t ≤ 500
///     R(u) = 1 + (1 − φ)/φ ρ k n u^(n − 1)
///     u(0, x) = u0,  u(t, 0) = 1,  u(t, 1) = −D ∂u/∂x(t, 1)
///
/// u is the concentration of a contaminant; u(t, 1) is what flows out. R(u) is the derivative of the
/// whole content m(u) = u + c uⁿ with c = (1 − φ)/φ ρ k, dissolved and sorbed, so that the equation
/// is the conservation law ∂m(u)/∂t = D ∂²u/∂x², which is what `SorptionSolver` discretises.
///
/// The sign at x = 1 is that of PDEBench's program. Its paper prints u(t, 1) = D ∂u/∂x(t, 1), which
/// has no solution to speak of: e^((x − 1)/D) satisfies it and grows by e^(t/(D R)), some e^600 in
/// one unit of time.
package struct SorptionEquation {
  /// Diffusion coefficient D in PDEBench.
  package static let usualDiffusion = 5e-4
  /// Freundlich's parameter k in PDEBench.
  package static let usualFreundlich = 3.5e-4
  /// End of time.
  package static let duration = 500.0
  /// φ.
  private static let porosity = 0.29
  /// ρ, the bulk density.
  private static let density = 2880.0
  /// n, Freundlich's exponent.
  package static let exponent = 0.874
  /// Below this u, m goes on along its tangent: R is infinite at 0, and Newton's method may look at
  /// values there, though solutions from u0 > 0 stay above (they are about 1e-4 or more).
  private static let smallest = 1e-12

  /// D.
  package let diffusion: Double
  /// c, the sorbed content where u is 1.
  private let sorption: Double
  /// m and R at `smallest`.
  private let tangent: (content: Double, retardation: Double)

  /// - Parameters:
  ///   - diffusion: D, above 0.
  ///   - freundlich: k, above 0.
  package init(diffusion: Double, freundlich: Double) {
    self.diffusion = diffusion
    sorption = (1 - Self.porosity) / Self.porosity * Self.density * freundlich
    let power = pow(Self.smallest, Self.exponent - 1)
    tangent = (
      Self.smallest * (1 + sorption * power), 1 + sorption * Self.exponent * power
    )
  }

  /// m(u) and its derivative R(u); m is concave and increasing on the whole line.
  @inline(__always)
  package func content(_ u: Double) -> (content: Double, retardation: Double) {
    if u < Self.smallest {
      return (tangent.content + tangent.retardation * (u - Self.smallest), tangent.retardation)
    }
    let power = pow(u, Self.exponent - 1)
    return (u * (1 + sorption * power), 1 + sorption * Self.exponent * power)
  }
}
