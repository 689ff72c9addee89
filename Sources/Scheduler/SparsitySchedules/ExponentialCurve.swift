import Glibc

/// The same fraction of what is left in every round, as follows from start, target and rounds.
///
/// Densities are a geometric sequence: 1 − s = (1 − s₀)·((1 − s₁)/(1 − s₀))^p.
package struct ExponentialCurve: ProgressCurve {
  package init() {}

  package var name: String { "exponential" }

  package func fraction(at progress: Double, from start: Double, to target: Double) -> Double {
    1 - (1 - start) * pow((1 - target) / (1 - start), progress)
  }
}

extension SparsityCurve where Self == ExponentialCurve {
  /// A constant fraction of what is left, which follows from start, target and rounds.
  package static var exponential: ExponentialCurve { ExponentialCurve() }
}
