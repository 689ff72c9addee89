import CKernels
import TestSupport
import Testing

import NumericCore
import Engine

@Suite("Activation")
struct ActivationTests {
  /// A fine sweep where functions bend, a coarse one beyond, and the corners of the kernels' ranges.
  static let sweep: [Float] =
    (-400...400).map { Float($0) * 0.031 } + (-40...40).map { Float($0) * 2.7 }
    + [0, -0.0, 1e-30, -1e-30, 1e-4, -1e-4, 0.625, -0.625, 87.33, -87.33, 88, -88, 103, -103]
    + [1e4, -1e4, 1e20, -1e20]
  static let slope: Float = 0.125

  @Test("Values agree with the definition in Double", arguments: Activation.allCases)
  func values(activation: Activation) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    // A few roundings of Float32 (6e-8 each) on values below 1, relative to the value above.
    let tolerance = 3e-7
    var worst = 0.0
    for (z, a) in zip(Self.sweep, Self.forward(activation, Self.sweep)) {
      let expected = reference.value(Double(z), slope: Double(Self.slope))
      worst = max(worst, abs(Double(a) - expected) / max(1, abs(expected)))
    }
    #expect(worst <= tolerance)
  }

  @Test(
    "Small values keep their relative digits",
    arguments: [
      // erfc multiplies the rounding of its argument x by 2x².
      (Activation.gelu, Float(-5), 5e-6),
      (.silu, -80, 5e-7), (.sigmoid, -80, 5e-7), (.softplus, -80, 5e-7), (.tanh, -1e-3, 3e-7),
      (.tanh, -0.6, 3e-7),
    ])
  func relativeDigits(activation: Activation, start: Float, tolerance: Double) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    let zs = (1...333).map { start * Float($0) / 333 }
    var worst = 0.0
    for (z, a) in zip(zs, Self.forward(activation, zs)) {
      let expected = reference.value(Double(z), slope: 0)
      worst = max(worst, abs(Double(a) - expected) / abs(expected))
    }
    #expect(worst <= tolerance)
  }

  @Test(
    "Derivatives agree with central differences of the definition", arguments: Activation.allCases)
  func derivatives(activation: Activation) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    // silu's s(1 + z(1 − s)) multiplies the rounding of 1 − s by z, up to about 17.
    let tolerance = activation == .silu ? 2e-6 : 5e-7
    var worst = 0.0
    let zs = Self.sweep.filter { abs($0) > 2e-5 }  // no difference across the kink of relu
    for (z, d) in zip(zs, Self.derivative(activation, zs)) {
      let expected = reference.slope(at: Double(z), slope: Double(Self.slope))
      worst = max(worst, abs(Double(d) - expected))
    }
    #expect(worst <= tolerance)
  }

  @Test(
    "At 0 the kinked functions take the slope below, as PyTorch does",
    arguments: [(Activation.relu, Float(0)), (.leakyRelu, slope), (.prelu, slope)])
  func kink(activation: Activation, expected: Float) {
    #expect(Self.derivative(activation, [0, -0.0]) == [expected, expected])
  }

  @Test("NaN stays NaN, in every lane", arguments: Activation.allCases, [1, 16, 19])
  func notANumber(activation: Activation, count: Int) {
    for position in 0..<count {
      var zs = Array(repeating: Float(0.5), count: count)
      zs[position] = .nan
      let values = Self.forward(activation, zs)
      #expect(values.indices.allSatisfy { values[$0].isNaN == ($0 == position) })
    }
  }

  @Test("Plus infinity stays infinite or saturates", arguments: Activation.allCases)
  func infinity(activation: Activation) {
    let value = Self.forward(activation, [.infinity])[0]
    switch activation {
    case .tanh, .sigmoid: #expect(value == 1)
    default: #expect(value == .infinity)
    }
  }

  /// f of each z; the same in place and beside it.
  static func forward(_ activation: Activation, _ zs: [Float]) -> [Float] {
    var beside = [Float](repeating: 0, count: zs.count)
    eck_activate_rows(activation.code, slope, 1, zs.count, 0, zs, &beside)
    var inPlace = zs
    inPlace.withUnsafeMutableBufferPointer { z in
      eck_activate_rows(activation.code, slope, 1, z.count, 0, z.baseAddress!, z.baseAddress!)
    }
    #expect(inPlace.map(\.bitPattern) == beside.map(\.bitPattern))
    return beside
  }

  /// f' of each z: on its own, and what a gradient of 1 becomes on its way down through the function.
  static func derivative(_ activation: Activation, _ zs: [Float]) -> [Float] {
    let values = forward(activation, zs)
    var derivatives = [Float](repeating: 0, count: zs.count)
    eck_derivative(activation.code, slope, zs.count, zs, values, &derivatives)
    var gradients = [Float](repeating: 1, count: zs.count)
    eck_derive_rows(activation.code, slope, 1, zs.count, 0, zs, values, &gradients)
    #expect(gradients == derivatives)
    return derivatives
  }
}
