import NumericCore
import TestSupport
import Testing

@Suite("Weight gradients")
struct GradientStepTests {
  /// Inner products of up to 45 terms below 1, rounded in Float32.
  static let tolerance = 1e-5
  static let shapes = [(1, 1, 1), (7, 17, 16), (33, 5, 17), (16, 16, 45), (3, 2, 0)]

  @Test("The gradient is dz times x transposed, 0 where masked", arguments: shapes, [false, true])
  func reference(shape: (outputs: Int, inputs: Int, count: Int), masked: Bool) {
    let (outputs, inputs, count) = shape
    var fixture = BlockFixture(seed: 21)
    let deltas = fixture.block(features: outputs, count: count)
    // What lies in the padding of the input must not matter: dz is 0 there.
    let input = fixture.block(features: inputs, count: count, padding: 5)
    let words = [UInt64](
      repeating: 0xb6db_6db6_db6d_b6db, count: (outputs * inputs + 63) / 64)
    var gradient = Matrix(rows: outputs, columns: inputs, repeating: 9)
    weightGradient(
      deltas: deltas, input: input,
      mask: masked ? ByteMask(words: words, count: outputs * inputs) : nil, into: &gradient,
      pool: WorkerPool(threadCount: 2))
    var expected: [Double] = []
    for i in 0..<(outputs * inputs) {
      let (row, column) = (i / inputs, i % inputs)
      let kept = !masked || words[i / 64] >> UInt64(i % 64) & 1 == 1
      var sum = 0.0
      for sample in 0..<(kept ? count : 0) {
        sum += Double(deltas.values[row, sample]) * Double(input.values[column, sample])
      }
      expected.append(sum)
    }
    #expect(largestDifference(gradient.elements, expected) < Self.tolerance)
    if count > 0 { #expect(gradient.sumOfSquares > 0) }
  }

  @Test("Bias gradients are the row sums of dz", arguments: shapes)
  func biases(shape: (outputs: Int, inputs: Int, count: Int)) {
    var fixture = BlockFixture(seed: 22)
    let deltas = fixture.block(features: shape.outputs, count: shape.count)
    var sums = Array(repeating: Float(9), count: shape.outputs)
    biasGradient(deltas: deltas, into: &sums)
    let expected = (0..<shape.outputs).map { row in
      (0..<shape.count).reduce(0.0) { $0 + Double(deltas.values[row, $1]) }
    }
    #expect(largestDifference(sums, expected) < Self.tolerance)
  }

  @Test(
    "A fused step equals a whole gradient that is applied afterwards, bit for bit",
    arguments: UpdateRuleTests.rules, [(7, 17), (33, 10_000)])
  func fused(rule: UpdateRule, shape: (outputs: Int, inputs: Int)) {
    let (outputs, inputs) = shape
    var fixture = BlockFixture(seed: 23)
    let start = fixture.matrix(outputs, inputs)
    let deltas = fixture.block(features: outputs, count: 3)
    let input = fixture.block(features: inputs, count: 3)
    let words = (0..<((outputs * inputs + 63) / 64)).map { UInt64($0) &* 0x9e37_79b9_7f4a_7c15 }
    let mask = ByteMask(words: words, count: outputs * inputs)
    let none = Matrix(rows: 0, columns: 0)
    let zeros = Matrix(rows: outputs, columns: inputs)

    var (weights, first) = (start, rule.hasFirst ? zeros : none)
    var second = rule.hasSecond ? zeros : none
    var scratch = Scratch()
    let pool = WorkerPool(threadCount: 3)
    gradientStep(
      deltas: deltas, input: input, rule: rule, mask: mask, weights: &weights, first: &first,
      second: &second, scratch: &scratch, pool: pool)

    var (later, laterFirst) = (start, rule.hasFirst ? zeros : none)
    var laterSecond = rule.hasSecond ? zeros : none
    var gradient = zeros
    let alone = WorkerPool(threadCount: 1)
    weightGradient(deltas: deltas, input: input, mask: mask, into: &gradient, pool: alone)
    applyGradient(
      &gradient, scale: 1, rule: rule, mask: mask, weights: &later, first: &laterFirst,
      second: &laterSecond, pool: alone)
    #expect(weights != start)
    #expect(weights.bits == later.bits)
    #expect(first.bits == laterFirst.bits)
    #expect(second.bits == laterSecond.bits)
  }
}
