import Engine

/// The activation functions as a C program computes them: the formulas of `CKernels/vector_math.h`, every
/// product and every sum rounded by itself, so that any compiler comes to the same bits.
enum CArithmetic {
  /// σ(z).
  static func value(_ activation: Activation, _ z: Float, slope: Float) -> Float {
    switch activation {
    case .identity: z
    case .relu: z < 0 ? 0 : z
    case .leakyRelu, .prelu: z > 0 ? z : slope * z
    case .tanh: tanh(z)
    case .sigmoid: sigmoid(z)
    case .gelu: z * (0.5 * complementaryError(-z * 0.70710678118654752))
    case .silu: z * sigmoid(z)
    case .softplus: softplus(z)
    }
  }

  private static func exponential(_ value: Float) -> Float {
    if value.isNaN { return value }
    let x = min(max(value, -87.33), 88)
    let shifted = x * 1.44269504088896341 + 12582912
    let n = shifted - 12582912
    var r = x - n * 0.693359375
    r = r + n * 2.12194440e-4
    var p: Float = 1.9875691500e-4
    p = p * r + 1.3981999507e-3
    p = p * r + 8.3334519073e-3
    p = p * r + 4.1665795894e-2
    p = p * r + 1.6666665459e-1
    p = p * r + 5.0000001201e-1
    p = p * r * r + r + 1
    return p * Float(bitPattern: shifted.bitPattern << 23 &+ 0x3f80_0000)
  }

  private static func sigmoid(_ x: Float) -> Float { 1 / (1 + exponential(-x)) }

  private static func tanh(_ x: Float) -> Float {
    let magnitude = x < 0 ? -x : x
    if magnitude < 0.625 {
      let s = x * x
      var p: Float = -5.70498872745e-3
      p = p * s + 2.06390887954e-2
      p = p * s - 5.37397155531e-2
      p = p * s + 1.33314422036e-1
      p = p * s - 3.33332819422e-1
      return p * s * x + x
    }
    let large = 1 - 2 / (exponential(2 * magnitude) + 1)
    return x < 0 ? -large : large
  }

  private static func softplus(_ x: Float) -> Float {
    let e = exponential(-(x < 0 ? -x : x))
    let t = e / (2 + e)
    let s = t * t
    var p: Float = 0.06666667
    for c: Float in [0.07692308, 0.09090909, 0.11111111, 0.14285714, 0.2, 0.33333333] {
      p = p * s + c
    }
    return (x > 0 ? x : 0) + 2 * (t + t * s * p)
  }

  private static func complementaryError(_ x: Float) -> Float {
    let magnitude = min(x < 0 ? -x : x, 20)
    let t = 1 / (1 + 0.5 * magnitude)
    let high = Float(bitPattern: magnitude.bitPattern & 0xffff_f000)
    let low = (magnitude - high) * (magnitude + high)
    var p: Float = 0.17087277
    for c: Float in [
      -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
      1.00002368, -1.26551223,
    ] {
      p = p * t + c
    }
    let tail = t * exponential(-high * high) * exponential(p - low)
    return x < 0 ? 2 - tail : tail
  }
}
