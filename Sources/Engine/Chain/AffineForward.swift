import CKernels
import NumericCore

/// z = W x + b and a = σ(z) for a block of samples, in one pass over blocks of output rows.
///
/// - Parameters:
///   - weights: W [outputs, inputs].
///   - input: x [inputs, samples].
///   - z: becomes W x + b [outputs, samples].
///   - a: becomes σ(z) [outputs, samples].
package func affineForward(
  weights: Matrix, bias: [Float], activation: Activation, slope: Float, input: SampleBlock,
  z: inout SampleBlock, a: inout SampleBlock, pool: WorkerPool
) {
  let (outputs, inputs) = (weights.rows, weights.columns)
  precondition(bias.count == outputs && input.features == inputs)
  precondition(z.features == outputs && a.features == outputs && z.stride == a.stride)
  z.use(input.count)
  a.use(input.count)
  let (padded, inputStride, stride) = (input.padded, input.stride, z.stride)
  let tasks = RowTasks(rows: outputs, operationsPerRow: 2 * inputs * padded)
  let code = activation.code
  let product = DenseProduct.preferred(on: .present)
  weights.withElements { w in
    input.values.withElements { x in
      z.values.withMutableElements { zs in
        a.values.withMutableElements { activations in
          bias.withUnsafeBufferPointer { b in
            guard let w = w.baseAddress, let x = x.baseAddress, let zs = zs.baseAddress,
              let activations = activations.baseAddress, let b = b.baseAddress
            else { return }
            pool.run(tasks: tasks.count) { task, _ in
              let rows = tasks.range(of: task)
              let first = rows.lowerBound
              product.multiply(
                m: rows.count, n: padded, k: inputs, w + first * inputs, rowStep: inputs,
                innerStep: 1, x, stride: inputStride, into: zs + first * stride, stride: stride,
                bias: b + first)
              eck_activate_rows(
                code, slope, rows.count, padded, stride, zs + first * stride,
                activations + first * stride)
            }
          }
        }
      }
    }
  }
}
