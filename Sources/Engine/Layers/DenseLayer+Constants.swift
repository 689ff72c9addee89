import CKernels

extension DenseLayer {
  /// σ(b), [outputs]: what units give that have no inputs, in the bits in which the layer computes it.
  package var constantOutputs: [Float] {
    var outputs = bias
    outputs.withUnsafeMutableBufferPointer { values in
      guard let first = values.baseAddress else { return }
      for unit in values.indices {
        let slope = unitSlopes.isEmpty ? self.slope : unitSlopes[unit]
        eck_activate_rows(activation.code, slope, 1, 1, 0, first + unit, first + unit)
      }
    }
    return outputs
  }
}
