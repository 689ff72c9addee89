import Engine
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

  /// Returns scaled target values to original units.
  mutating func undo(_ scaling: AffineScaling) { values.undo(scaling) }
}

extension Loss {
  /// The loss as kernels take it.
  var rule: LossRule {
    switch self {
    case .crossEntropy(let smoothing): .crossEntropy(smoothing: smoothing)
    case .meanSquared: .meanSquared
    case .meanAbsolute: .meanAbsolute
    case .huber(let delta): .huber(delta: delta)
    case .binaryCrossEntropy: .binaryCrossEntropy
    }
  }

  /// The loss summed over the samples in use, and its gradient, times `scale`, in `deltas`.
  func evaluate(
    _ outputs: SampleBlock, _ targets: BatchTargets, scale: Float, deltas: inout SampleBlock
  ) -> Double {
    // All losses but cross-entropy are means over the outputs as well.
    let share = scale / Float(outputs.features)
    let width = Double(outputs.features)
    switch self {
    case .crossEntropy(let smoothing):
      return LossKernels.crossEntropy(
        outputs, labels: targets.labels, smoothing: smoothing, scale: scale, deltas: &deltas)
    case .meanSquared:
      return LossKernels.meanSquared(
        outputs, targets: targets.values, scale: share, deltas: &deltas) / width
    case .meanAbsolute:
      return LossKernels.meanAbsolute(
        outputs, targets: targets.values, scale: share, deltas: &deltas) / width
    case .huber(let delta):
      return LossKernels.huber(
        outputs, targets: targets.values, delta: delta, scale: share, deltas: &deltas) / width
    case .binaryCrossEntropy:
      return LossKernels.binaryCrossEntropy(
        outputs, targets: targets.values, scale: share, deltas: &deltas) / width
    }
  }
}
