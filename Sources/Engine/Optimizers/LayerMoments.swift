import NumericCore

/// One moment of one layer's parameters.
package struct LayerMoments: Sendable, Equatable {
  /// [outputs, inputs]; 0 where the mask removes a weight.
  package var weights: Matrix
  /// [outputs].
  package var bias: [Float]
  package var slope: Float

  package init(weights: Matrix, bias: [Float], slope: Float) {
    self.weights = weights
    self.bias = bias
    self.slope = slope
  }

  /// Zeros of the shape of `layer`.
  package init(zerosFor layer: DenseLayer) {
    weights = Matrix(rows: layer.outputs, columns: layer.inputs)
    bias = Array(repeating: 0, count: layer.outputs)
    slope = 0
  }

  /// Zeroes what `mask` removes.
  package mutating func apply(_ mask: Mask) {
    weights.withMutableSpan { span in
      for i in span.indices where !mask[i] { span[i] = 0 }
    }
  }
}
