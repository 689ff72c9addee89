import Glibc

/// The learning rate of every step of a stage: a linear warm-up, then a decay.
package struct LearningRateSchedule: Sendable, Equatable {
  package enum Decay: Sendable, Equatable {
    case constant
    /// Multiplied by `factor` (in (0, 1]) after every `epochs` epochs.
    case step(factor: Double, epochs: Int)
    /// On a straight line to the rate `to` (≥ 0).
    case linear(to: Double)
    /// By a constant factor a step to the rate `to` (> 0).
    case exponential(to: Double)
    /// On half a cosine to the rate `to` (≥ 0) (Loshchilov and Hutter 2017).
    case cosine(to: Double)
  }

  package var decay: Decay
  /// Steps over which the rate grows linearly to the optimizer's; the first has 1/`warmupSteps` of it.
  package var warmupSteps: Int

  package init(decay: Decay = .constant, warmupSteps: Int = 0) {
    precondition(warmupSteps >= 0)
    self.decay = decay
    self.warmupSteps = warmupSteps
  }

  /// The rate of step `step` in 0..<totalSteps, from the optimizer's rate `base`.
  ///
  /// With W warm-up steps, linear, exponential and cosine run over the steps behind them: progress
  /// is (step − W) / (totalSteps − W), so that `to` would be reached right after the last step.
  package func rate(step: Int, totalSteps: Int, stepsPerEpoch: Int, base: Double) -> Double {
    if step < warmupSteps { return base * Double(step + 1) / Double(warmupSteps) }
    let progress = Double(step - warmupSteps) / Double(max(totalSteps - warmupSteps, 1))
    switch decay {
    case .constant: return base
    case .step(let factor, let epochs):
      return base * pow(factor, Double(step / max(stepsPerEpoch, 1) / epochs))
    case .linear(let to): return base + (to - base) * progress
    case .exponential(let to): return base * pow(to / base, progress)
    case .cosine(let to): return to + (base - to) * (1 + cos(Double.pi * progress)) / 2
    }
  }
}
