import NumericCore
import TestSupport
import Testing

import Engine

@Suite("WorkingLayer")
struct WorkingLayerTests {
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
    let parameters = ChainParameters(
      [
        DenseLayer(
          name: "output", weights: weights, bias: bias, activation: activation, slope: 0.3)
      ], trains: false)
    var z = SampleBlock(features: outputs, capacity: max(count, 1))
    z.use(count)
    var a = z
    let (width, stride) = (input.padded, input.stride)
    input.values.withElements { x in
      z.values.withMutableElements { z in
        a.values.withMutableElements { a in
          guard let x = x.baseAddress, let z = z.baseAddress, let a = a.baseAddress else { return }
          let layer = parameters.layers[0]
          layer.combine(
            x, stride: stride, width: width, into: z, stride: stride,
            product: .tiles)
          layer.activate(z, width: width, into: a, stride: stride)
          let activated = Array(UnsafeBufferPointer(start: a, count: outputs * stride))
          layer.forward(
            x, stride: stride, width: width, z: a, a: a, stride: stride,
            product: .tiles)
          #expect(activated == Array(UnsafeBufferPointer(start: a, count: outputs * stride)))
        }
      }
    }
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
}
