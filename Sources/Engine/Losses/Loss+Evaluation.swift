import CKernels
import NumericCore

extension Loss {
  /// The loss summed over the samples in use, and its gradient by the outputs, times `scale`, in `deltas`.
  ///
  /// - Parameters:
  ///   - labels: a class for every sample, 0..<features; unused by losses on values.
  ///   - values: as `outputs`; unused by losses on labels.
  package func evaluate(
    _ outputs: SampleBlock, labels: [Int32], values: SampleBlock, scale: Float,
    deltas: inout SampleBlock
  ) -> Double {
    let (size, count) = (outputs.features, outputs.count)
    precondition(deltas.features == size && deltas.stride == outputs.stride)
    if usesClassLabels {
      precondition(labels.count >= count)
      precondition(labels.prefix(count).allSatisfy { $0 >= 0 && $0 < size }, "labels are classes")
    } else {
      precondition(values.features == size && values.stride == outputs.stride)
      precondition(values.count == count)
    }
    deltas.use(count)
    return outputs.values.withElements { y in
      values.values.withElements { values in
        labels.withUnsafeBufferPointer { labels in
          deltas.values.withMutableElements { deltas in
            guard let y = y.baseAddress, let deltas = deltas.baseAddress else { return 0 }
            return evaluate(
              y, size: size, count: count, padded: outputs.padded, stride: outputs.stride,
              labels: labels.baseAddress, values: values.baseAddress, scale: scale,
              deltas: deltas)
          }
        }
      }
    }
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
