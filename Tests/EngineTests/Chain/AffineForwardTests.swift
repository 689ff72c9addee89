import Engine
import NumericCore
import TestSupport
import Testing

@Suite("affineForward")
struct AffineForwardTests {
  /// Inner products of up to 33 terms below 1, rounded in Float32.
  static let tolerance = 1e-5

  @Test(
    "z = W x + b and a = f(z) for every activation and odd shapes", arguments: Activation.allCases,
    [(1, 1, 1), (1, 17, 16), (7, 3, 17), (33, 16, 5), (5, 0, 4), (4, 3, 0)])
  func reference(activation: Activation, shape: (outputs: Int, inputs: Int, count: Int)) throws {
    let reference = try #require(ReferenceActivation(rawValue: activation.rawValue))
    let (outputs, inputs, count) = shape
    var fixture = BlockFixture(seed: 3)
    let weights = fixture.matrix(outputs, inputs)
    let bias = fixture.vector(outputs)
    let input = fixture.block(features: inputs, count: count)
    var z = SampleBlock(features: outputs, capacity: max(count, 1))
    var a = z
    affineForward(
      weights: weights, bias: bias, activation: activation, slope: 0.3, input: input, z: &z,
      a: &a, pool: WorkerPool(threadCount: 2))
    #expect(z.count == count && a.count == count)
    var expected: [Double] = []
    for sample in 0..<count {
      for output in 0..<outputs {
        var sum = Double(bias[output])
        for i in 0..<inputs { sum += Double(weights[output, i]) * Double(input.values[i, sample]) }
        expected.append(sum)
      }
    }
    #expect(largestDifference(z.samples.elements, expected) < Self.tolerance)
    let values = expected.map { reference.value($0, slope: Double(Float(0.3))) }
    #expect(largestDifference(a.samples.elements, values) < Self.tolerance)
    #expect(a.paddingElements.allSatisfy { $0.isFinite })
  }

  @Test("A layer cut into several tasks gives the same bits on any number of threads")
  func threads() {
    var fixture = BlockFixture(seed: 4)
    let weights = fixture.matrix(211, 157)
    let bias = fixture.vector(211)
    let input = fixture.block(features: 157, count: 45)
    func outputs(threads: Int) -> [UInt32] {
      var z = SampleBlock(features: 211, capacity: 45)
      var a = z
      affineForward(
        weights: weights, bias: bias, activation: .gelu, slope: 0, input: input, z: &z, a: &a,
        pool: WorkerPool(threadCount: threads))
      return z.values.bits + a.values.bits
    }
    #expect(RowTasks(rows: 211, operationsPerRow: 2 * 157 * 48).count > 4)
    let alone = outputs(threads: 1)
    for threads in [2, 3, 5] { #expect(outputs(threads: threads) == alone) }
  }
}
