import Glibc

/// Slow at both ends, fastest in the middle: s = s₀ + (s₁ − s₀)·(1 − cos πp)/2.
///
/// The half cosine of Loshchilov and Hutter, "SGDR", 2017, Eq. 5, with the sparsity in the place of
/// the learning rate.
package struct CosineCurve: ProgressCurve {
  package init() {}

  package var name: String { "cosine" }

  package func fraction(at progress: Double, from start: Double, to target: Double) -> Double {
    start + (target - start) * (1 - cos(Double.pi * progress)) / 2
  }
}

extension SparsityCurve where Self == CosineCurve {
  /// Slow at both ends, fastest in the middle.
  package static var cosine: CosineCurve { CosineCurve() }
}
