import Glibc

/// A curve that is a formula in the progress p = i/R, from the removed fraction s₀ to s₁.
package enum CurveFormula: String, Sendable, CaseIterable {
  /// The same number of weights in every round: s = s₀ + (s₁ − s₀)·p.
  case linear
  /// Much at first, while much is redundant, and little at the end: s = s₁ + (s₀ − s₁)·(1 − p)³.
  ///
  /// Source: Zhu and Gupta, "To prune, or not to prune", 2017, Eq. 1, with p = (t − t₀)/(nΔt),
  /// s₀ = sᵢ and s₁ = s_f. The paper's t starts at t₀, where s is sᵢ; our round 1 is t₀ + Δt.
  case cubic
  /// The same fraction of what is left in every round, as follows from start, target and rounds.
  ///
  /// Densities are a geometric sequence: 1 − s = (1 − s₀)·((1 − s₁)/(1 − s₀))^p.
  case exponential
  /// Slow at both ends, fastest in the middle: s = s₀ + (s₁ − s₀)·(1 − cos πp)/2.
  ///
  /// The half cosine of Loshchilov and Hutter, "SGDR", 2017, Eq. 5, with the sparsity in the place of
  /// the learning rate.
  case cosine

  /// The removed fraction at `progress` in (0, 1) between the removed fractions `start` and
  /// `target`.
  private func fraction(at progress: Double, from start: Double, to target: Double) -> Double {
    switch self {
    case .linear: return start + (target - start) * progress
    case .cubic:
      let left = 1 - progress
      return target + (start - target) * (left * left * left)
    case .exponential: return 1 - (1 - start) * pow((1 - target) / (1 - start), progress)
    case .cosine: return start + (target - start) * (1 - cos(Double.pi * progress)) / 2
    }
  }

  /// The sparsity after each of the rounds, the last of them `target`.
  func sparsities(from start: Sparsity, to target: Sparsity, rounds: Int) -> [Sparsity] {
    var last = start.fraction
    return (1...rounds).map { round in
      guard round < rounds else { return target }
      let progress = Double(round) / Double(rounds)
      let value = fraction(at: progress, from: start.fraction, to: target.fraction)
      // Rounding could leave the range by a unit in the last place.
      last = min(target.fraction, max(last, value))
      return Sparsity(unchecked: last)
    }
  }
}
