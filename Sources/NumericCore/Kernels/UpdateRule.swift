import CKernels

/// One optimizer step on plain numbers: how a gradient changes parameters and their moments. All
/// constants of the step are worked out beforehand.
package enum UpdateRule: Sendable, Equatable {
  /// v ← momentum v + g, w ← w − rate v; without moments when `momentum` is 0.
  case sgd(rate: Float, momentum: Float, nesterov: Bool, decay: Float)
  /// m, v as usual; w ← shrink w − step m / (√v · inverseRoot + epsilon).
  case adam(
    step: Float, beta1: Float, beta2: Float, inverseRoot: Float, epsilon: Float,
    coupledDecay: Float, shrink: Float)

  /// Applies the rule to `count` parameters. `mask` has one byte a parameter; moments that the rule
  /// does not use may be nil.
  func apply(
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

  /// Applies the rule to a vector of parameters; empty moments mean none.
  package func apply(
    to parameters: inout [Float], gradient: [Float], first: inout [Float], second: inout [Float]
  ) {
    precondition(parameters.count == gradient.count)
    if parameters.isEmpty { return }
    parameters.withUnsafeMutableBufferPointer { w in
      gradient.withUnsafeBufferPointer { g in
        first.withUnsafeMutableBufferPointer { m in
          second.withUnsafeMutableBufferPointer { v in
            guard let w = w.baseAddress, let g = g.baseAddress else { return }
            apply(
              count: gradient.count, weights: w, gradient: g, mask: nil,
              first: m.isEmpty ? nil : m.baseAddress, second: v.isEmpty ? nil : v.baseAddress)
          }
        }
      }
    }
  }
}

/// A mask with one byte a weight (1 = kept), the form in which kernels read it.
package struct ByteMask: Sendable, Equatable {
  var bytes: [UInt8]

  /// Expands packed bits: `count` weights, 64 a word, lowest bit first.
  package init(words: [UInt64], count: Int) {
    precondition(words.count == (count + 63) / 64)
    bytes = Array(repeating: 0, count: count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      words.withUnsafeBufferPointer { words in
        if count > 0 { eck_expand_mask(count, words.baseAddress!, bytes.baseAddress!) }
      }
    }
  }
}
