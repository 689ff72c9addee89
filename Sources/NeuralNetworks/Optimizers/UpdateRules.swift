import Engine
import Glibc

extension Optimizer {
  /// The constants of step number `step` (from 1) at learning rate `rate`.
  func updateRule(step: Int, rate: Double) -> UpdateRule {
    switch self {
    case .sgd(let settings):
      return .sgd(
        rate: Float(rate), momentum: Float(settings.momentum), nesterov: settings.nesterov,
        decay: Float(settings.weightDecay))
    case .adam(let settings):
      return adamRule(settings, step: step, rate: rate, coupled: settings.weightDecay, shrink: 1)
    case .adamW(let settings):
      return adamRule(
        settings, step: step, rate: rate, coupled: 0, shrink: 1 - rate * settings.weightDecay)
    }
  }

  private func adamRule(
    _ settings: Adam, step: Int, rate: Double, coupled: Double, shrink: Double
  ) -> UpdateRule {
    // The corrections are of the moments that the kernel holds, so of the betas as it has them:
    // 1 − 0.999 differs by 1e-5 of itself between Float32 and Double.
    let (beta1, beta2) = (Float(settings.beta1), Float(settings.beta2))
    let firstCorrection = 1 - pow(Double(beta1), Double(step))
    let secondCorrection = 1 - pow(Double(beta2), Double(step))
    return .adam(
      step: Float(rate / firstCorrection), beta1: beta1, beta2: beta2,
      inverseRoot: Float(1 / secondCorrection.squareRoot()),
      epsilon: Float(settings.epsilon), coupledDecay: Float(coupled), shrink: Float(shrink))
  }
}
