import CKernels

/// Most floats of a gradient block: it stays in a core's second-level cache until it is used.
private let gradientBlockSize = 65_536

/// The gradient of a layer's weights by blocks of output rows, with the optimizer applied to each
/// block while it is in cache: G = dz xᵀ.
///
/// - Parameters:
///   - deltas: dz [outputs, samples]; columns beyond the samples in use are 0.
///   - input: x [inputs, samples].
///   - weights: W [outputs, inputs], changed in place.
///   - first, second: moments of W's shape, or 0×0 where the rule has none.
package func gradientStep(
  deltas: SampleBlock, input: SampleBlock, rule: UpdateRule, mask: ByteMask?,
  weights: inout Matrix, first: inout Matrix, second: inout Matrix, scratch: inout Scratch,
  pool: WorkerPool
) {
  let (outputs, inputs) = (weights.rows, weights.columns)
  precondition(mask == nil || mask!.bytes.count == weights.count)
  precondition(first.count == 0 || first.count == weights.count)
  precondition(second.count == 0 || second.count == weights.count)
  let blockRows = min(outputs, max(1, gradientBlockSize / max(inputs, 1)))
  weights.withMutableElements { w in
    first.withMutableElements { m in
      second.withMutableElements { v in
        withMaskBytes(mask) { mask in
          guard let w = w.baseAddress else { return }
          let m = m.isEmpty ? nil : m.baseAddress
          let v = v.isEmpty ? nil : v.baseAddress
          scratch.withSpace(workers: pool.threadCount, size: blockRows * inputs) { space, share in
            forEachGradientBlock(
              deltas: deltas, input: input, blockRows: blockRows, pool: pool,
              target: { _, worker in (space! + worker * share, inputs) }
            ) { rows, gradient in
              let offset = rows.lowerBound * inputs
              rule.apply(
                count: rows.count * inputs, weights: w + offset, gradient: gradient,
                mask: mask.map { $0 + offset }, first: m.map { $0 + offset },
                second: v.map { $0 + offset })
            }
          }
        }
      }
    }
  }
}

/// The whole gradient of a layer's weights, for when all layers' are needed before any is applied
/// (clipping by global norm): gradient = dz xᵀ [outputs, inputs], 0 where the mask removes a weight.
package func weightGradient(
  deltas: SampleBlock, input: SampleBlock, mask: ByteMask?, into gradient: inout Matrix,
  pool: WorkerPool
) {
  let inputs = gradient.columns
  let blockRows = min(gradient.rows, max(1, gradientBlockSize / max(inputs, 1)))
  gradient.withMutableElements { g in
    withMaskBytes(mask) { mask in
      guard let g = g.baseAddress else { return }
      forEachGradientBlock(
        deltas: deltas, input: input, blockRows: blockRows, pool: pool,
        target: { rows, _ in (g + rows.lowerBound * inputs, inputs) }
      ) { rows, block in
        if let mask { eck_apply_mask(rows.count * inputs, mask + rows.lowerBound * inputs, block) }
      }
    }
  }
}

/// Applies `rule` to all weights from a whole gradient that is first multiplied by `scale`.
package func applyGradient(
  _ gradient: inout Matrix, scale: Float, rule: UpdateRule, mask: ByteMask?,
  weights: inout Matrix, first: inout Matrix, second: inout Matrix, pool: WorkerPool
) {
  let (outputs, inputs) = (weights.rows, weights.columns)
  precondition(gradient.count == weights.count)
  let division = Division(rows: outputs, operationsPerRow: 16 * inputs)
  weights.withMutableElements { w in
    gradient.withMutableElements { g in
      first.withMutableElements { m in
        second.withMutableElements { v in
          withMaskBytes(mask) { mask in
            guard let w = w.baseAddress, let g = g.baseAddress else { return }
            let m = m.isEmpty ? nil : m.baseAddress
            let v = v.isEmpty ? nil : v.baseAddress
            pool.run(tasks: division.tasks) { task, _ in
              let rows = division.range(of: task)
              let offset = rows.lowerBound * inputs
              if scale != 1 { eck_scale(rows.count * inputs, scale, g + offset) }
              rule.apply(
                count: rows.count * inputs, weights: w + offset, gradient: g + offset,
                mask: mask.map { $0 + offset }, first: m.map { $0 + offset },
                second: v.map { $0 + offset })
            }
          }
        }
      }
    }
  }
}

/// The gradient of a layer's biases: the row sums of dz, [outputs].
package func biasGradient(deltas: SampleBlock, into sums: inout [Float]) {
  precondition(sums.count == deltas.features)
  let (rows, padded, stride) = (deltas.features, deltas.padded, deltas.stride)
  deltas.values.withElements { dz in
    sums.withUnsafeMutableBufferPointer { sums in
      if rows > 0 { eck_row_sums(rows, padded, stride, dz.baseAddress!, sums.baseAddress!) }
    }
  }
}

/// Computes dz xᵀ by blocks of rows: each into where `target` says, then handed to `consume`.
private func forEachGradientBlock(
  deltas: SampleBlock, input: SampleBlock, blockRows: Int, pool: WorkerPool,
  target: (_ rows: Range<Int>, _ worker: Int) -> (UnsafeMutablePointer<Float>, Int),
  consume: (_ rows: Range<Int>, _ block: UnsafeMutablePointer<Float>) -> Void
) {
  let (outputs, inputs, padded) = (deltas.features, input.features, deltas.padded)
  precondition(input.count == deltas.count)
  let (deltaStride, inputStride) = (deltas.stride, input.stride)
  let division = Division(rows: outputs, operationsPerRow: (2 * padded + 16) * inputs)
  deltas.values.withElements { dz in
    input.values.withElements { x in
      guard let dz = dz.baseAddress, let x = x.baseAddress else { return }
      pool.run(tasks: division.tasks) { task, worker in
        let all = division.range(of: task)
        var start = all.lowerBound
        while start < all.upperBound {
          let rows = start..<min(all.upperBound, start + blockRows)
          let (block, stride) = target(rows, worker)
          multiply(
            m: rows.count, n: inputs, k: padded,
            Operand(dz + rows.lowerBound * deltaStride, stride: deltaStride),
            Operand(x, stride: inputStride, transposed: true), into: block, stride: stride)
          consume(rows, block)
          start = rows.upperBound
        }
      }
    }
  }
}

private func withMaskBytes(_ mask: ByteMask?, _ body: (UnsafePointer<UInt8>?) -> Void) {
  guard let mask else { return body(nil) }
  mask.bytes.withUnsafeBufferPointer { body($0.baseAddress) }
}
