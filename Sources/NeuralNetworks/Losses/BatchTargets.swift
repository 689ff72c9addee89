import Engine
import Glibc
import NumericCore

/// The targets of one batch in the form the losses read, reused from batch to batch.
struct BatchTargets: Sendable {
  private(set) var labels: [Int32]
  private(set) var values: SampleBlock

  init(outputs: Int, capacity: Int) {
    labels = Array(repeating: 0, count: (capacity + 15) & ~15)
    values = SampleBlock(features: outputs, capacity: capacity)
  }

  /// Collects the targets of the rows `indices` as `loss` wants them: labels as they are for
  /// cross-entropy, and as a value (one output) or one-hot (several) for losses on values.
  mutating func gather(
    _ targets: SampleSet.Targets, rows indices: ArraySlice<Int32>, for loss: Loss, pool: WorkerPool
  ) {
    switch targets {
    case .values(let all):
      values.gather(all, rows: indices, pool: pool)
    case .labels(let all):
      for (position, row) in indices.enumerated() { labels[position] = all[Int(row)] }
      if loss.usesClassLabels { return }
      values.use(indices.count)
      for position in 0..<indices.count {
        for output in 0..<values.features {
          let hit = values.features == 1 ? labels[position] == 1 : labels[position] == output
          values.values[output, position] = hit ? 1 : 0
        }
      }
    }
  }
}

extension Loss {
  /// The loss of one output `value` that should be `target`, in float64, as the kernels compute it in
  /// float32.
  ///
  /// - Precondition: a loss on values.
  func ofValue(_ value: Double, _ target: Double) -> Double {
    let error = value - target
    switch self {
    case .meanSquared: return error * error
    case .meanAbsolute: return abs(error)
    case .huber(let delta):
      let delta = Double(delta)
      return abs(error) < delta ? 0.5 * error * error : delta * (abs(error) - 0.5 * delta)
    case .binaryCrossEntropy:
      return max(value, 0) - value * target + log1p(exp(-abs(value)))
    case .crossEntropy: preconditionFailure("a loss on values")
    }
  }

  /// The loss summed over the samples in use, and its gradient, times `scale`, in `deltas`.
  func evaluate(
    _ outputs: SampleBlock, _ targets: BatchTargets, scale: Float, deltas: inout SampleBlock
  ) -> Double {
    evaluate(
      outputs, labels: targets.labels, values: targets.values, scale: scale, deltas: &deltas)
  }
}
