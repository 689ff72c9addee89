/// The same number of weights in every round: s = s₀ + (s₁ − s₀)·p.
package struct LinearCurve: ProgressCurve {
  package init() {}

  package var name: String { "linear" }

  package func fraction(at progress: Double, from start: Double, to target: Double) -> Double {
    start + (target - start) * progress
  }
}

extension SparsityCurve where Self == LinearCurve {
  /// The same number of weights in every round.
  package static var linear: LinearCurve { LinearCurve() }
}
