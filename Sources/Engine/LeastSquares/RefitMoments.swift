import NumericCore

/// What the rows of a layer are refitted from: how the layer's inputs a vary over the samples, and how the
/// pre-activations z* that its units are to have do with them.
package struct RefitMoments: Sendable {
  /// Of a.
  package let covariance: InputCovariance
  /// E[(z* − E z*)(a − E a)ᵀ], [units, inputs].
  package let cross: [Double]
  /// E z*, one a unit.
  package let targetMean: [Double]
  /// E (z* − E z*)², one a unit.
  package let targetVariance: [Double]

  package var units: Int { targetMean.count }

  package init(
    covariance: InputCovariance, cross: [Double], targetMean: [Double], targetVariance: [Double]
  ) {
    self.covariance = covariance
    self.cross = cross
    self.targetMean = targetMean
    self.targetVariance = targetVariance
  }

  /// Of units that are to have what `layer` makes of the inputs whose covariance is given: z* = W a + b,
  /// so that the rest follows from it.
  package init(of layer: DenseLayer, on covariance: InputCovariance, pool: WorkerPool) {
    let (n, units) = (covariance.inputs, layer.outputs)
    precondition(layer.inputs == n, "a covariance of the layer's inputs")
    let weights = layer.weights.withSpan { span in span.indices.map { Double(span[$0]) } }
    var cross = [Double](repeating: 0, count: units * n)
    var means = layer.bias.map { Double($0) }
    var variances = [Double](repeating: 0, count: units)
    let tasks = RowTasks(rows: units, operationsPerRow: 2 * n * n)
    weights.withUnsafeBufferPointer { weights in
      covariance.matrix.withUnsafeBufferPointer { g in
        cross.withUnsafeMutableBufferPointer { cross in
          means.withUnsafeMutableBufferPointer { means in
            variances.withUnsafeMutableBufferPointer { variances in
              guard let w = weights.baseAddress, let g = g.baseAddress,
                let c = cross.baseAddress, let means = means.baseAddress,
                let variances = variances.baseAddress
              else { return }
              pool.run(tasks: tasks.count) { task, _ in
                let range = tasks.range(of: task)
                let at = range.lowerBound * n
                DoubleProduct.multiply(m: range.count, n: n, k: n, w + at, g, into: c + at)
                for unit in range {
                  means[unit] += DoubleProduct.dot(n, w + unit * n, covariance.mean)
                  variances[unit] = max(0, DoubleProduct.dot(n, w + unit * n, c + unit * n))
                }
              }
            }
          }
        }
      }
    }
    self.init(
      covariance: covariance, cross: cross, targetMean: means, targetVariance: variances)
  }
}
