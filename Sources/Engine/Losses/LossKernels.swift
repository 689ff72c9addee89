import CKernels
import NumericCore

/// Losses of a block of outputs [outputs, samples]: each returns the sum over the samples in use (and
/// over outputs), and writes `scale` times its gradient into `deltas` when that is given.
package enum LossKernels {
  /// Softmax cross-entropy from logits; labels are in 0..<outputs, one a sample.
  package static func crossEntropy(
    _ outputs: SampleBlock, labels: [Int32], smoothing: Float, scale: Float,
    deltas: inout SampleBlock
  ) -> Double {
    precondition(labels.count >= outputs.count)
    precondition(labels.prefix(outputs.count).allSatisfy { $0 >= 0 && $0 < outputs.features })
    return run(outputs, &deltas) { y, d in
      labels.withUnsafeBufferPointer { labels in
        eck_cross_entropy(
          outputs.features, outputs.count, outputs.padded, outputs.stride, y, labels.baseAddress,
          smoothing, scale, d)
      }
    }
  }

  /// Σ (y − t)².
  package static func meanSquared(
    _ outputs: SampleBlock, targets: SampleBlock, scale: Float, deltas: inout SampleBlock
  ) -> Double {
    run(outputs, targets, &deltas) { y, t, d in
      eck_mean_squared(
        outputs.features, outputs.count, outputs.padded, outputs.stride, y, t, scale, d)
    }
  }

  /// Σ |y − t|.
  package static func meanAbsolute(
    _ outputs: SampleBlock, targets: SampleBlock, scale: Float, deltas: inout SampleBlock
  ) -> Double {
    run(outputs, targets, &deltas) { y, t, d in
      eck_mean_absolute(
        outputs.features, outputs.count, outputs.padded, outputs.stride, y, t, scale, d)
    }
  }

  /// Huber's loss with its corner at `delta`.
  package static func huber(
    _ outputs: SampleBlock, targets: SampleBlock, delta: Float, scale: Float,
    deltas: inout SampleBlock
  ) -> Double {
    run(outputs, targets, &deltas) { y, t, d in
      eck_huber(
        outputs.features, outputs.count, outputs.padded, outputs.stride, y, t, delta, scale, d)
    }
  }

  /// Logistic loss from logits, targets in [0, 1].
  package static func binaryCrossEntropy(
    _ outputs: SampleBlock, targets: SampleBlock, scale: Float, deltas: inout SampleBlock
  ) -> Double {
    run(outputs, targets, &deltas) { y, t, d in
      eck_binary_cross_entropy(
        outputs.features, outputs.count, outputs.padded, outputs.stride, y, t, scale, d)
    }
  }

  /// p = softmax(y) and q = 1 − p, column by column; q is summed from the other classes, so that it
  /// keeps its digits where p is near 1.
  package static func softmax(
    _ outputs: SampleBlock, p: inout SampleBlock, q: inout SampleBlock
  ) {
    precondition(p.stride == outputs.stride && q.stride == outputs.stride)
    p.use(outputs.count)
    q.use(outputs.count)
    outputs.values.withElements { y in
      p.values.withMutableElements { p in
        q.values.withMutableElements { q in
          guard let y = y.baseAddress else { return }
          eck_softmax(
            outputs.features, outputs.padded, outputs.stride, y, p.baseAddress!, q.baseAddress!)
        }
      }
    }
  }

  private static func run(
    _ outputs: SampleBlock, _ deltas: inout SampleBlock,
    _ kernel: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Double
  ) -> Double {
    precondition(deltas.features == outputs.features && deltas.stride == outputs.stride)
    deltas.use(outputs.count)
    return outputs.values.withElements { y in
      deltas.values.withMutableElements { d in
        guard let y = y.baseAddress, let d = d.baseAddress else { return 0 }
        return kernel(y, d)
      }
    }
  }

  private static func run(
    _ outputs: SampleBlock, _ targets: SampleBlock, _ deltas: inout SampleBlock,
    _ kernel: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Double
  ) -> Double {
    precondition(targets.stride == outputs.stride && targets.features == outputs.features)
    precondition(targets.count == outputs.count)
    return run(outputs, &deltas) { y, d in
      targets.values.withElements { kernel(y, $0.baseAddress!, d) }
    }
  }
}
