import CKernels

/// One optimizer step on plain numbers: how a gradient changes parameters and their moments. All
/// constants of the step are worked out beforehand.
package enum UpdateRule: Sendable, Equatable, BitwiseCopyable {
  /// v ← momentum v + g, w ← w − rate v; without moments when `momentum` is 0.
  case sgd(rate: Float, momentum: Float, nesterov: Bool, decay: Float)
  /// m, v as usual; w ← shrink w − step m / (√v · inverseRoot + epsilon).
  case adam(
    step: Float, beta1: Float, beta2: Float, inverseRoot: Float, epsilon: Float,
    coupledDecay: Float, shrink: Float)

  /// Applies the rule to `count` parameters. `mask` has one byte a parameter; moments that the rule
  /// does not use may be nil.
  package func apply(
    count: Int, weights: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>,
    mask: UnsafePointer<UInt8>?, first: UnsafeMutablePointer<Float>?,
    second: UnsafeMutablePointer<Float>?
  ) {
    switch self {
    case .sgd(let rate, let momentum, let nesterov, let decay):
      eck_sgd(count, weights, gradient, mask, first, rate, momentum, nesterov ? 1 : 0, decay)
    case .adam(
      let step, let beta1, let beta2, let inverseRoot, let epsilon, let coupledDecay, let shrink):
      eck_adam(
        count, weights, gradient, mask, first!, second!, step, beta1, beta2, inverseRoot, epsilon,
        coupledDecay, shrink)
    }
  }
}
