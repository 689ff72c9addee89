import CKernels

/// Carries gradients through a layer to the pre-activations of the layer below:
/// dz_below = (Wᵀ dz) ∘ σ'(z_below).
///
/// - Parameters:
///   - weights: W [outputs, inputs] of the layer above.
///   - deltas: dz [outputs, samples].
///   - z: holds z_below [inputs, samples] and becomes dz_below.
///   - a: σ(z_below) [inputs, samples].
/// - Returns: the gradient of prelu's slope, summed in task order; 0 for other activations.
package func affineBackward(
  weights: Matrix, deltas: SampleBlock, activation: Activation, slope: Float,
  z: inout SampleBlock, a: SampleBlock, scratch: inout Scratch, pool: WorkerPool
) -> Double {
  let (outputs, inputs) = (weights.rows, weights.columns)
  precondition(deltas.features == outputs && z.features == inputs && a.features == inputs)
  precondition(z.count == deltas.count && z.stride == a.stride)
  let (padded, deltaStride, stride) = (deltas.padded, deltas.stride, z.stride)
  let division = Division(rows: inputs, operationsPerRow: 2 * outputs * padded)
  let code = activation.code
  var slopeGradients = [Double](repeating: 0, count: division.tasks)
  scratch.withSpace(workers: pool.threadCount, size: division.rowsPerTask * padded) {
    space, share in
    slopeGradients.withUnsafeMutableBufferPointer { partial in
      weights.withElements { w in
        deltas.values.withElements { dz in
          z.values.withMutableElements { zs in
            a.values.withElements { activations in
              guard let space, let w = w.baseAddress, let dz = dz.baseAddress,
                let zs = zs.baseAddress, let activations = activations.baseAddress
              else { return }
              let partial = partial.baseAddress!
              pool.run(tasks: division.tasks) { task, worker in
                let rows = division.range(of: task)
                let gradient = space + worker * share
                multiply(
                  m: rows.count, n: padded, k: outputs,
                  Operand(w + rows.lowerBound, stride: inputs, transposed: true),
                  Operand(dz, stride: deltaStride), into: gradient, stride: padded)
                var slopeSum = 0.0
                for row in rows {
                  let g = gradient + (row - rows.lowerBound) * padded
                  let target = zs + row * stride
                  if activation == .prelu {
                    slopeSum += eck_prelu_slope_gradient(padded, g, target)
                  }
                  eck_backward(code, slope, padded, g, target, activations + row * stride)
                }
                partial[task] = slopeSum
              }
            }
          }
        }
      }
    }
  }
  return slopeGradients.reduce(0, +)
}
