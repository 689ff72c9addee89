import CKernels

/// Elementwise functions between layers.
package enum Activation: String, Sendable, CaseIterable, BitwiseCopyable {
  case identity
  case relu
  /// max(z, 0) + 0.01 min(z, 0).
  case leakyRelu = "leaky_relu"
  /// max(z, 0) + slope · min(z, 0), one learned slope a layer, or one a unit that is given.
  case prelu
  case tanh
  case sigmoid
  /// z Φ(z) with the exact normal distribution function.
  case gelu
  /// z · sigmoid(z).
  case silu
  /// log(1 + e^z).
  case softplus

  /// The slope below zero where it is not learned.
  package static let leakySlope: Float = 0.01
  /// The learned slope's first value (He et al. 2015, and PyTorch's default).
  package static let initialSlope: Float = 0.25

  /// The number by which the C kernels know the function.
  package var code: Int32 {
    switch self {
    case .identity: Int32(ECK_IDENTITY)
    case .relu: Int32(ECK_RELU)
    case .leakyRelu: Int32(ECK_LEAKY_RELU)
    case .prelu: Int32(ECK_PRELU)
    case .tanh: Int32(ECK_TANH)
    case .sigmoid: Int32(ECK_SIGMOID)
    case .gelu: Int32(ECK_GELU)
    case .silu: Int32(ECK_SILU)
    case .softplus: Int32(ECK_SOFTPLUS)
    }
  }
}
