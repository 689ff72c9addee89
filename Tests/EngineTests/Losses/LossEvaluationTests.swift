import Engine
import Foundation
import NumericCore
import TestSupport
import Testing

@Suite("Losses of blocks of outputs")
struct LossEvaluationTests {
  /// A few roundings of Float32 on values about 1.
  static let tolerance = 1e-6
  static let counts = [0, 1, 5, 16, 17]
  static let losses: [Loss] = [
    .crossEntropy(), .crossEntropy(labelSmoothing: 0.1), .meanSquared, .meanAbsolute,
    .binaryCrossEntropy, .huber(delta: 1), .huber(delta: 0.5),
  ]

  @Test("Values and gradients are those of Double references", arguments: losses, counts)
  func reference(loss: Loss, count: Int) {
    for outputs in [1, 2, 5] {
      let batch = LossBatch(outputs: outputs, count: count, bound: 4)
      let (value, deltas) = batch.evaluate(loss, scale: 1)
      let expected = batch.reference(loss)
      #expect(abs(value - expected) <= Self.tolerance * max(1, expected))
      var gradient: [Double] = []
      for sample in 0..<count {
        for output in 0..<outputs {
          let y = Double(batch.outputs.values[output, sample])
          gradient.append(
            centralDifference(at: y) {
              batch.reference(loss, sample: sample, replacing: output, by: $0)
            })
        }
      }
      #expect(largestDifference(deltas.samples.elements, gradient) < Self.tolerance)
      #expect(deltas.count == count && deltas.paddingElements.allSatisfy { $0 == 0 })
    }
  }

  @Test("The scale multiplies the gradient and not the value", arguments: losses)
  func scale(loss: Loss) {
    let batch = LossBatch(outputs: 3, count: 17, bound: 2)
    let (value, whole) = batch.evaluate(loss, scale: 1)
    let (sameValue, half) = batch.evaluate(loss, scale: 0.5)
    #expect(value == sameValue)
    #expect(half.samples.elements == whole.samples.elements.map { $0 / 2 })
  }

  @Test(
    "Extreme outputs give finite values and gradients", arguments: losses,
    [Float(100), 1e4, 1e15])
  func extremes(loss: Loss, size: Float) {
    let batch = LossBatch(outputs: 4, count: 17, bound: size)
    let (value, deltas) = batch.evaluate(loss, scale: 1)
    let expected = batch.reference(loss)
    #expect(value.isFinite && abs(value - expected) <= Self.tolerance * expected)
    #expect(deltas.samples.isFinite)
  }

  @Test("A NaN among the outputs makes the loss NaN", arguments: losses, [0, 3])
  func notANumber(loss: Loss, output: Int) {
    var batch = LossBatch(outputs: 4, count: 17, bound: 1)
    batch.outputs.values[output, 16] = .nan
    #expect(batch.evaluate(loss, scale: 1).value.isNaN)
  }

  @Test("Cross-entropy of a confident right answer keeps its digits")
  func confident() {
    var batch = LossBatch(outputs: 3, count: 1, bound: 1)
    for (output, value) in [30, 0, -1].enumerated() {
      batch.outputs.values[output, 0] = Float(value)
    }
    batch.labels[0] = 0
    let (value, deltas) = batch.evaluate(.crossEntropy(), scale: 1)
    let expected = log1p(exp(-30.0) + exp(-31.0))
    #expect(abs(value - expected) < Self.tolerance * expected)
    #expect(abs(Double(deltas.values[1, 0]) - exp(-30.0)) < Self.tolerance * exp(-30.0))
  }
}

/// Outputs and targets of a batch.
private struct LossBatch {
  var outputs: SampleBlock
  var labels: [Int32]
  var targets: SampleBlock

  init(outputs features: Int, count: Int, bound: Float) {
    var fixture = BlockFixture(seed: 30)
    outputs = fixture.block(features: features, count: count, bound: bound, padding: 3)
    targets = fixture.block(features: features, count: count, padding: 2)
    for output in 0..<features {
      for sample in 0..<count {
        // In [0, 1], as binary cross-entropy wants it.
        targets.values[output, sample] = (targets.values[output, sample] + 1) / 2
      }
    }
    var generator = SeededGenerator(seed: 32)
    labels = generator.integers(count, below: features).map(Int32.init)
  }

  func evaluate(_ loss: Loss, scale: Float) -> (value: Double, deltas: SampleBlock) {
    var deltas = SampleBlock(features: outputs.features, capacity: outputs.capacity)
    let value = loss.evaluate(
      outputs, labels: labels, values: targets, scale: scale, deltas: &deltas)
    return (value, deltas)
  }

  func reference(_ loss: Loss) -> Double {
    (0..<outputs.count).reduce(0) { $0 + reference(loss, sample: $1) }
  }

  /// One sample's loss by its definition, with output `place` changed to `value` where given.
  func reference(
    _ loss: Loss, sample: Int, replacing place: Int = -1, by value: Double = 0
  ) -> Double {
    let y = (0..<outputs.features).map {
      $0 == place ? value : Double(outputs.values[$0, sample])
    }
    let t = (0..<outputs.features).map { Double(targets.values[$0, sample]) }
    let errors = zip(y, t).map { $0 - $1 }
    let width = Double(y.count)
    switch loss {
    case .crossEntropy(let smoothing):
      let top = y.max()!
      let lse = top + log(y.reduce(0) { $0 + exp($1 - top) })
      let s = Double(smoothing)
      return (1 - s) * (lse - y[Int(labels[sample])])
        + s * (lse - y.reduce(0, +) / Double(y.count))
    case .meanSquared: return errors.reduce(0) { $0 + $1 * $1 } / width
    case .meanAbsolute: return errors.reduce(0) { $0 + abs($1) } / width
    case .huber(let delta):
      let d = Double(delta)
      return errors.reduce(0) { $0 + (abs($1) < d ? $1 * $1 / 2 : d * (abs($1) - d / 2)) } / width
    case .binaryCrossEntropy:
      return zip(y, t).reduce(0) { sum, pair in
        sum + (max(pair.0, 0) - pair.0 * pair.1 + log1p(exp(-abs(pair.0)))) / width
      }
    }
  }
}
