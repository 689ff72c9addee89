/// What training minimises. Every loss is a mean over samples and, but for cross-entropy, over outputs.
package enum Loss: Sendable, Equatable, BitwiseCopyable {
  /// Softmax cross-entropy from logits; `labelSmoothing` in [0, 1) spreads that share of the target
  /// over all classes (Szegedy et al. 2016).
  case crossEntropy(labelSmoothing: Float = 0)
  /// (y − t)².
  case meanSquared
  /// |y − t|.
  case meanAbsolute
  /// ½ e² below `delta` (above 0), linear beyond (Huber 1964).
  case huber(delta: Float = 1)
  /// Logistic loss from logits, targets in [0, 1].
  case binaryCrossEntropy

  /// Whether targets are class labels rather than values.
  package var usesClassLabels: Bool {
    if case .crossEntropy = self { return true }
    return false
  }

  /// Its name in schedules and files.
  package var word: String {
    switch self {
    case .crossEntropy: "cross_entropy"
    case .meanSquared: "mse"
    case .meanAbsolute: "mae"
    case .huber: "huber"
    case .binaryCrossEntropy: "binary_cross_entropy"
    }
  }
}
