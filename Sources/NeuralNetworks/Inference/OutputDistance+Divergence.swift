import Glibc

/// What a classifier's outputs say of the class.
package enum PredictiveDistribution: Sendable {
  /// One class of several, by softmax of the outputs.
  case softmax
  /// Each output on its own, by the logistic function.
  case logistic
}

extension OutputDistance {
  /// The mean Kullback-Leibler divergence from what the reference predicts to what `network` does, in
  /// nats a sample; under `logistic` summed over the outputs.
  package func meanDivergence(
    to network: Network, of distribution: PredictiveDistribution
  ) -> Double {
    mean(to: network) { new, old in
      switch distribution {
      case .softmax: Self.softmaxDivergence(from: old, to: new)
      case .logistic: zip(old, new).reduce(0) { $0 + Self.logisticDivergence(from: $1.0, to: $1.1) }
      }
    }
  }

  /// Σ p_k (log p_k − log q_k) with p and q the softmax of `old` and `new`.
  private static func softmaxDivergence(from old: [Double], to new: [Double]) -> Double {
    let (scaleOld, scaleNew) = (logSumExp(old), logSumExp(new))
    var sum = 0.0
    for (a, b) in zip(old, new) {
      let logP = a - scaleOld
      sum += exp(logP) * (logP - (b - scaleNew))
    }
    // Roundings could leave a little less than nothing; what is not a number stays so.
    return sum < 0 ? 0 : sum
  }

  /// The same of two Bernoulli distributions, by their logits.
  private static func logisticDivergence(from old: Double, to new: Double) -> Double {
    softmaxDivergence(from: [old, 0], to: [new, 0])
  }

  private static func logSumExp(_ values: [Double]) -> Double {
    let largest = values.max() ?? 0
    return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
  }
}
