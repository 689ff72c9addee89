import Foundation

/// Activation functions by their definitions in Double, to measure kernels against. The raw values are
/// the names that schedules use.
package enum ReferenceActivation: String, CaseIterable, Sendable {
  case identity, relu, prelu, tanh, sigmoid, gelu, silu, softplus
  case leakyRelu = "leaky_relu"

  /// f(z); `slope` serves leaky_relu and prelu.
  package func value(_ z: Double, slope: Double) -> Double {
    switch self {
    case .identity: z
    case .relu: max(z, 0)
    case .leakyRelu, .prelu: z > 0 ? z : slope * z
    case .tanh: Foundation.tanh(z)
    case .sigmoid: 1 / (1 + exp(-z))
    case .gelu: z * 0.5 * erfc(-z / 2.0.squareRoot())
    case .silu: z / (1 + exp(-z))
    case .softplus: max(z, 0) + log1p(exp(-abs(z)))
    }
  }

  /// f'(z) by central differences with a step that grows with |z|.
  package func slope(at z: Double, slope: Double) -> Double {
    centralDifference(at: z, step: 1e-5 * max(1, abs(z))) { value($0, slope: slope) }
  }
}
