import CKernels
import NumericCore

/// A `DenseLayer` as kernels see it: sizes and addresses, no references to count.
package struct WorkingLayer {
  let outputs: Int
  let inputs: Int
  let activation: Activation
  var slope: Float
  /// One a unit; nil where all have the same.
  let slopes: UnsafePointer<Float>?
  /// W row by row, or the values of the survivors only.
  let weights: UnsafeMutablePointer<Float>
  /// Numbers at `weights`.
  let weightCount: Int
  /// b, [outputs].
  let bias: UnsafeMutablePointer<Float>
  /// One byte a weight, 1 = kept; nil while all are kept and for compressed rows.
  let mask: UnsafePointer<UInt8>?
  /// nil for a dense layer.
  let survivors: Survivors?

  /// The places of compressed weights, by rows and by columns; see `CompressedRows`.
  struct Survivors {
    let starts: UnsafePointer<Int32>
    let indices: UnsafePointer<Int32>
    /// nil where no gradient goes through the layer to another below.
    let byColumn: Columns?
  }

  /// The same places column by column, and where the value of each lies in `weights`.
  struct Columns {
    let starts: UnsafePointer<Int32>
    let indices: UnsafePointer<Int32>
    let sources: UnsafePointer<Int32>
  }

  /// Whether the derivative of the activation is had from z rather than from a alone.
  var needsPreactivation: Bool {
    switch activation {
    case .identity, .relu, .tanh, .sigmoid: false
    case .leakyRelu, .prelu, .gelu, .silu, .softplus: true
    }
  }

  /// The same layer with other weights in the form of its own, and other biases.
  func with(
    weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>
  ) -> WorkingLayer {
    WorkingLayer(
      outputs: outputs, inputs: inputs, activation: activation, slope: slope, slopes: slopes,
      weights: weights, weightCount: weightCount, bias: bias, mask: mask, survivors: survivors)
  }

  /// The place in `weights` where row `row` begins.
  func start(ofRow row: Int) -> Int {
    if let survivors { Int(survivors.starts[row]) } else { row * inputs }
  }

  /// a = σ(W x + b) for `width` columns, a multiple of 16.
  ///
  /// - Parameters:
  ///   - live: how many of them are samples, more than `width` − 16; nil for all.
  ///   - z: where W x + b is kept; may be `a`.
  package func forward(
    _ x: UnsafePointer<Float>, stride xStride: Int, width: Int, live: Int? = nil,
    z: UnsafeMutablePointer<Float>, a: UnsafeMutablePointer<Float>, stride: Int,
    product: DenseProduct
  ) {
    let relu = activation == .relu
    combine(
      x, stride: xStride, width: width, live: live, relu: relu, into: relu ? a : z,
      stride: stride, product: product)
    if !relu, activation != .identity || a != z {
      activate(z, width: width, into: a, stride: stride)
    }
  }

  /// W x + b for `width` columns, a multiple of 16, and with `relu` the larger of it and 0.
  package func combine(
    _ x: UnsafePointer<Float>, stride xStride: Int, width: Int, live: Int? = nil,
    relu: Bool = false, into target: UnsafeMutablePointer<Float>, stride: Int,
    product: DenseProduct
  ) {
    if let survivors {
      eck_sparse_forward(
        outputs, width, live ?? width, survivors.starts, survivors.indices, weights, bias,
        relu ? 1 : 0, x,
        xStride, target, stride)
    } else {
      product.multiply(
        m: outputs, n: width, live: live, k: inputs, weights, rowStep: inputs, innerStep: 1, x,
        stride: xStride, into: target, stride: stride, bias: bias, relu: relu)
    }
  }

  /// a = σ(z) for `width` columns; may be in place.
  package func activate(
    _ z: UnsafePointer<Float>, width: Int, into a: UnsafeMutablePointer<Float>, stride: Int
  ) {
    guard let slopes else {
      eck_activate_rows(activation.code, slope, outputs, width, stride, z, a)
      return
    }
    for row in 0..<outputs {
      let start = row * stride
      eck_activate_rows(activation.code, slopes[row], 1, width, 0, z + start, a + start)
    }
  }

  /// a = σ(z) for one sample; may be in place.
  func activate(sample z: UnsafePointer<Float>, into a: UnsafeMutablePointer<Float>) {
    guard let slopes else {
      eck_activate_rows(activation.code, slope, 1, outputs, 0, z, a)
      return
    }
    for row in 0..<outputs {
      eck_activate_rows(activation.code, slopes[row], 1, 1, 0, z + row, a + row)
    }
  }

  /// σ'(z) for `width` columns next to one another, with a = σ(z).
  func derivative(
    _ z: UnsafePointer<Float>, _ a: UnsafePointer<Float>, width: Int,
    into derivative: UnsafeMutablePointer<Float>
  ) {
    guard let slopes else {
      eck_derivative(activation.code, slope, outputs * width, z, a, derivative)
      return
    }
    for row in 0..<outputs {
      let start = row * width
      eck_derivative(
        activation.code, slopes[row], width, z + start, a + start, derivative + start)
    }
  }

  /// The slope of unit `unit`.
  func slope(ofUnit unit: Int) -> Float { slopes?[unit] ?? slope }

  /// dz_below = (Wᵀ dz) ∘ f ∘ σ'(z_below) for `width` columns, with σ that of the layer `below`.
  ///
  /// - Parameters:
  ///   - a: σ(z_below).
  ///   - factors: f, what dropout has multiplied `a` by; nil for 1.
  /// - Returns: the gradient of the slope below, for prelu.
  func backward(
    _ deltas: UnsafePointer<Float>, stride deltaStride: Int, width: Int, live: Int? = nil,
    below: WorkingLayer, z: UnsafePointer<Float>, a: UnsafePointer<Float>,
    factors: UnsafePointer<Float>? = nil, into target: UnsafeMutablePointer<Float>, stride: Int,
    product: DenseProduct
  ) -> Double {
    let relu = below.activation == .relu
    transposed(
      deltas, stride: deltaStride, width: width, live: live, gate: relu ? a : nil, into: target,
      stride: stride, product: product)
    if let factors {
      Dropout.multiply(
        target, by: factors, rows: below.outputs, width: width, stride: stride, into: target)
    }
    return relu ? 0 : below.deriveOutput(target, width: width, z: z, a: a, stride: stride)
  }

  /// Wᵀ d for `width` columns, 0 where `gate`, laid out as the result, is given and not above 0.
  func transposed(
    _ deltas: UnsafePointer<Float>, stride deltaStride: Int, width: Int, live: Int? = nil,
    gate: UnsafePointer<Float>? = nil, into target: UnsafeMutablePointer<Float>, stride: Int,
    product: DenseProduct
  ) {
    if survivors != nil {
      guard let columns = survivors?.byColumn else {
        preconditionFailure("a layer that is trained has its survivors by column")
      }
      eck_sparse_backward(
        inputs, width, live ?? width, columns.starts, columns.indices, columns.sources, weights,
        deltas,
        deltaStride, gate, target, stride)
    } else {
      product.multiply(
        m: inputs, n: width, live: live, k: outputs, weights, rowStep: 1, innerStep: inputs, deltas,
        stride: deltaStride, into: target, stride: stride, gate: gate)
    }
  }

  /// Carries gradients by the layer's outputs, in place, to its pre-activations: dz = da ∘ σ'(z).
  ///
  /// - Returns: the gradient of the slope, for prelu.
  func deriveOutput(
    _ gradients: UnsafeMutablePointer<Float>, width: Int, z: UnsafePointer<Float>,
    a: UnsafePointer<Float>, stride: Int
  ) -> Double {
    if activation == .identity { return 0 }
    var slopeGradient = 0.0
    if activation == .prelu {
      for row in 0..<outputs {
        slopeGradient += eck_prelu_slope_gradient(
          width, gradients + row * stride, z + row * stride)
      }
    }
    guard let slopes else {
      eck_derive_rows(activation.code, slope, outputs, width, stride, z, a, gradients)
      return slopeGradient
    }
    for row in 0..<outputs {
      let start = row * stride
      eck_derive_rows(
        activation.code, slopes[row], 1, width, 0, z + start, a + start, gradients + start)
    }
    return slopeGradient
  }

  /// The gradient of the weights of rows `rows` over `count` samples in the order of `weights`.
  ///
  /// - Parameters:
  ///   - padded: `count` rounded up to a multiple of 16; deltas behind the samples are 0.
  ///   - x: the layer's inputs, feature by feature for compressed rows, sample by sample for dense.
  func gradient(
    rows: Range<Int>, samples count: Int, padded: Int, deltas: UnsafePointer<Float>,
    stride deltaStride: Int, _ x: UnsafePointer<Float>, stride xStride: Int,
    into gradient: UnsafeMutablePointer<Float>, product: DenseProduct
  ) {
    let dz = deltas + rows.lowerBound * deltaStride
    if let survivors {
      eck_sparse_gradient(
        rows.count, padded, count, survivors.starts + rows.lowerBound, survivors.indices, dz,
        deltaStride, x, xStride, gradient)
    } else {
      product.multiply(
        m: rows.count, n: inputs, k: count, dz, rowStep: deltaStride, innerStep: 1, x,
        stride: xStride, into: gradient, stride: inputs)
    }
  }

  /// W x + b for one sample, rows `rows` of it, before the activation.
  func apply(
    toSample x: UnsafePointer<Float>, rows: Range<Int>, into z: UnsafeMutablePointer<Float>
  ) {
    let first = rows.lowerBound
    if let survivors {
      eck_sparse_vector(
        rows.count, survivors.starts + first, survivors.indices, weights, bias + first, x,
        z + first)
    } else {
      eck_dense_vector(
        rows.count, inputs, weights + first * inputs, bias + first, x, z + first)
    }
  }
}
