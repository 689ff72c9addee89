/// Much at first, while much is redundant, and little at the end: s = s₁ + (s₀ − s₁)·(1 − p)³.
///
/// Source: Zhu and Gupta, "To prune, or not to prune", 2017, Eq. 1, with p = (t − t₀)/(nΔt),
/// s₀ = sᵢ and s₁ = s_f. The paper's t starts at t₀, where s is sᵢ; our round 1 is t₀ + Δt.
package struct CubicCurve: ProgressCurve {
  package init() {}

  package var name: String { "cubic" }

  package func fraction(at progress: Double, from start: Double, to target: Double) -> Double {
    let left = 1 - progress
    return target + (start - target) * (left * left * left)
  }
}

extension SparsityCurve where Self == CubicCurve {
  /// Zhu and Gupta's curve: much at first, little at the end.
  package static var cubic: CubicCurve { CubicCurve() }
}
