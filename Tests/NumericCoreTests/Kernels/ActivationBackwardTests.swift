import NumericCore
import TestSupport
import Testing

@Suite("activationBackward")
struct ActivationBackwardTests {
  /// A few roundings of numbers of at most 3.
  static let tolerance = 3e-6

  @Test(
    "dz = g f'(z), with the slope's gradient for prelu", arguments: Activation.allCases,
    [(1, 1), (3, 16), (5, 17), (2, 0)])
  func reference(activation: Activation, shape: (rows: Int, count: Int)) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    let slope: Float = 0.3
    var fixture = BlockFixture(seed: 41)
    let gradient = fixture.block(features: shape.rows, count: shape.count)
    let before = fixture.block(features: shape.rows, count: shape.count, bound: 3)
    var (z, a) = (before, before)
    for row in 0..<shape.rows {
      for sample in 0..<before.capacity {
        a.values[row, sample] = Float(
          reference.value(Double(before.values[row, sample]), slope: Double(slope)))
      }
    }
    let slopeGradient = activationBackward(
      gradient, activation: activation, slope: slope, z: &z, a: a)

    let zs = before.samples.elements.map(Double.init)
    let gs = gradient.samples.elements.map(Double.init)
    let expected = zip(gs, zs).map { $0 * reference.slope(at: $1, slope: Double(slope)) }
    #expect(largestDifference(z.samples.elements, expected) < Self.tolerance)
    let sum = activation == .prelu ? zip(gs, zs).reduce(0) { $0 + $1.0 * min($1.1, 0) } : 0
    #expect(abs(slopeGradient - sum) < Self.tolerance * Double(max(shape.count, 1)))
  }
}
