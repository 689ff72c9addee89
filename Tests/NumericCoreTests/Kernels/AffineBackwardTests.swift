import NumericCore
import TestSupport
import Testing

@Suite("affineBackward")
struct AffineBackwardTests {
  /// Inner products of up to 33 terms below 1, rounded in Float32.
  static let tolerance = 1e-5

  @Test(
    "dz below = (W transposed dz) f'(z) for every activation and odd shapes",
    arguments: Activation.allCases, [(1, 1, 1), (17, 1, 16), (3, 7, 17), (16, 33, 5), (4, 3, 0)])
  func reference(activation: Activation, shape: (outputs: Int, inputs: Int, count: Int)) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    let (outputs, inputs, count) = shape
    let slope: Float = 0.3
    var fixture = BlockFixture(seed: 6)
    let weights = fixture.matrix(outputs, inputs)
    let deltas = fixture.block(features: outputs, count: count)
    let before = fixture.block(features: inputs, count: count, bound: 3, padding: 2)
    var a = before
    for i in 0..<inputs {
      for sample in 0..<before.capacity {
        let z = Double(before.values[i, sample])
        a.values[i, sample] = Float(reference.value(z, slope: Double(slope)))
      }
    }
    var z = before
    var scratch = Scratch()
    let slopeGradient = affineBackward(
      weights: weights, deltas: deltas, activation: activation, slope: slope, z: &z, a: a,
      scratch: &scratch, pool: WorkerPool(threadCount: 2))

    var expected: [Double] = []
    var expectedSlope = 0.0
    for sample in 0..<count {
      for i in 0..<inputs {
        var gradient = 0.0
        for output in 0..<outputs {
          gradient += Double(weights[output, i]) * Double(deltas.values[output, sample])
        }
        let below = Double(before.values[i, sample])
        expected.append(gradient * reference.slope(at: below, slope: Double(slope)))
        expectedSlope += gradient * min(below, 0)
      }
    }
    #expect(largestDifference(z.samples.elements, expected) < Self.tolerance)
    if activation != .prelu { expectedSlope = 0 }
    #expect(abs(slopeGradient - expectedSlope) < Self.tolerance * Double(max(inputs * count, 1)))
    #expect(z.paddingElements.allSatisfy { $0 == 0 }, "padding passes no gradient down")
  }

  @Test("The slope's gradient is the central difference of the outputs by the slope")
  func slopeGradient() {
    var fixture = BlockFixture(seed: 7)
    let zs = fixture.vector(37, bound: 2)
    let gradients = fixture.vector(37)
    var z = SampleBlock(features: 1, capacity: 37)
    z.use(37)
    var deltas = z
    for i in 0..<37 {
      z.values[0, i] = zs[i]
      deltas.values[0, i] = gradients[i]
    }
    let a = z
    var scratch = Scratch()
    let gradient = affineBackward(
      weights: Matrix(rows: 1, columns: 1, repeating: 1), deltas: deltas, activation: .prelu,
      slope: 0.25, z: &z, a: a, scratch: &scratch, pool: WorkerPool(threadCount: 1))
    let expected = centralDifference(at: 0.25) { slope in
      zip(gradients, zs).reduce(0) {
        $0 + Double($1.0) * ReferenceActivation.prelu.value(Double($1.1), slope: slope)
      }
    }
    #expect(abs(gradient - expected) < 1e-5)
  }

  @Test("Several tasks give the same bits, slope gradient included, on any number of threads")
  func threads() {
    var fixture = BlockFixture(seed: 8)
    let weights = fixture.matrix(157, 211)
    let deltas = fixture.block(features: 157, count: 45)
    let before = fixture.block(features: 211, count: 45)
    func gradients(threads: Int) -> ([UInt32], UInt64) {
      var z = before
      var scratch = Scratch()
      let slope = affineBackward(
        weights: weights, deltas: deltas, activation: .prelu, slope: 0.25, z: &z, a: before,
        scratch: &scratch, pool: WorkerPool(threadCount: threads))
      return (z.values.bits, slope.bitPattern)
    }
    #expect(Division(rows: 211, operationsPerRow: 2 * 157 * 48).tasks > 4)
    let alone = gradients(threads: 1)
    for threads in [2, 3, 5] { #expect(gradients(threads: threads) == alone) }
  }
}
