import CKernels

/// The loss of a step on plain numbers.
package enum LossRule: Sendable, Equatable {
  /// Softmax cross-entropy from logits and class labels.
  case crossEntropy(smoothing: Float)
  case meanSquared
  case meanAbsolute
  case huber(delta: Float)
  case binaryCrossEntropy

  /// Whether targets are class labels rather than values.
  var usesLabels: Bool {
    if case .crossEntropy = self { true } else { false }
  }

  /// The loss summed over `count` samples, a mean over outputs for all but cross-entropy, and `scale`
  /// times its gradient in `deltas`, 0 up to `padded`.
  ///
  /// - Parameters:
  ///   - y, values, deltas: [size, samples], rows `stride` apart.
  func evaluate(
    _ y: UnsafePointer<Float>, size: Int, count: Int, padded: Int, stride: Int,
    labels: UnsafePointer<Int32>?, values: UnsafePointer<Float>?, scale: Float,
    deltas d: UnsafeMutablePointer<Float>
  ) -> Double {
    let share = scale / Float(size)
    let width = Double(size)
    switch self {
    case .crossEntropy(let smoothing):
      return eck_cross_entropy(size, count, padded, stride, y, labels, smoothing, scale, d)
    case .meanSquared:
      return eck_mean_squared(size, count, padded, stride, y, values, share, d) / width
    case .meanAbsolute:
      return eck_mean_absolute(size, count, padded, stride, y, values, share, d) / width
    case .huber(let delta):
      return eck_huber(size, count, padded, stride, y, values, delta, share, d) / width
    case .binaryCrossEntropy:
      return eck_binary_cross_entropy(size, count, padded, stride, y, values, share, d) / width
    }
  }
}
