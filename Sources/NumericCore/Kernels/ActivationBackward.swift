import CKernels

/// Carries gradients through a layer's activation: dz = g ∘ σ'(z).
///
/// - Parameters:
///   - gradient: g, the gradient of the activations [outputs, samples].
///   - z: holds the pre-activations [outputs, samples] and becomes dz.
///   - a: σ(z) [outputs, samples].
/// - Returns: the gradient of prelu's slope; 0 for other activations.
package func activationBackward(
  _ gradient: SampleBlock, activation: Activation, slope: Float, z: inout SampleBlock,
  a: SampleBlock
) -> Double {
  precondition(gradient.features == z.features && a.features == z.features)
  precondition(gradient.count == z.count && gradient.stride == z.stride && a.stride == z.stride)
  let (rows, padded, stride) = (z.features, z.padded, z.stride)
  return gradient.values.withElements { g in
    a.values.withElements { a in
      z.values.withMutableElements { z in
        guard let g = g.baseAddress, let a = a.baseAddress, let z = z.baseAddress else { return 0 }
        var slopeGradient = 0.0
        for row in 0..<rows {
          let at = row * stride
          if activation == .prelu {
            slopeGradient += eck_prelu_slope_gradient(padded, g + at, z + at)
          }
          eck_backward(activation.code, slope, padded, g + at, z + at, a + at)
        }
        return slopeGradient
      }
    }
  }
}
