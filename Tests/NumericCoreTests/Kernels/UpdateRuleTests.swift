import Foundation
import NumericCore
import TestSupport
import Testing

@Suite("UpdateRule")
struct UpdateRuleTests {
  static let rules: [UpdateRule] = [
    .sgd(rate: 0.1, momentum: 0, nesterov: false, decay: 0),
    .sgd(rate: 0.1, momentum: 0, nesterov: false, decay: 0.05),
    .sgd(rate: 0.1, momentum: 0.9, nesterov: false, decay: 0.05),
    .sgd(rate: 0.1, momentum: 0.9, nesterov: true, decay: 0.05),
    .adam(
      step: 0.02, beta1: 0.9, beta2: 0.99, inverseRoot: 3, epsilon: 1e-6, coupledDecay: 0.05,
      shrink: 1),
    .adam(
      step: 0.02, beta1: 0.9, beta2: 0.99, inverseRoot: 3, epsilon: 1e-6, coupledDecay: 0,
      shrink: 0.99),
  ]
  /// A few roundings of numbers about 1.
  static let tolerance = 1e-6

  @Test("A step is its formula in Double", arguments: rules, [0, 1, 16, 17])
  func formula(rule: UpdateRule, count: Int) {
    var fixture = BlockFixture(seed: 12)
    var weights = fixture.vector(count)
    let gradient = fixture.vector(count)
    var first = rule.hasFirst ? fixture.vector(count) : []
    var second = rule.hasSecond ? fixture.vector(count).map(abs) : []
    let expected = weights.indices.map { i in
      rule.reference(
        weight: weights[i], gradient: gradient[i], first: rule.hasFirst ? first[i] : 0,
        second: rule.hasSecond ? second[i] : 0)
    }
    rule.apply(to: &weights, gradient: gradient, first: &first, second: &second)
    #expect(largestDifference(weights, expected.map(\.weight)) < Self.tolerance)
    if rule.hasFirst { #expect(largestDifference(first, expected.map(\.first)) < Self.tolerance) }
    if rule.hasSecond {
      #expect(largestDifference(second, expected.map(\.second)) < Self.tolerance)
    }
  }

  @Test("Pruned places are 0 after a step, whatever was in them, NaN included", arguments: rules)
  func pruned(rule: UpdateRule) {
    var fixture = BlockFixture(seed: 13)
    let (rows, columns) = (5, 7)
    var weights = fixture.matrix(rows, columns)
    var gradient = fixture.matrix(rows, columns)
    var first = rule.hasFirst ? fixture.matrix(rows, columns) : Matrix(rows: 0, columns: 0)
    var second =
      rule.hasSecond
      ? Matrix(rows: rows, columns: columns, fixture.vector(rows * columns).map(abs))
      : Matrix(rows: 0, columns: 0)
    let bits: UInt64 = 0b1_0110_1001_0111_0010_1101_0010_1100_1011
    let removed = (0..<35).filter { bits >> UInt64($0) & 1 == 0 }
    for (turn, place) in removed.enumerated() {
      let (r, c) = (place / columns, place % columns)
      let bad: [Float] = [.nan, .infinity, -.infinity, 3]
      gradient[r, c] = bad[turn % 4]
      weights[r, c] = bad[(turn / 4) % 4]
      if rule.hasFirst { first[r, c] = bad[turn % 3] }
      if rule.hasSecond { second[r, c] = bad[(turn + 1) % 3] }
    }
    // Without a mask the same numbers show that only pruned places differ.
    var (denseWeights, denseGradient) = (weights, gradient)
    var (denseFirst, denseSecond) = (first, second)
    let pool = WorkerPool(threadCount: 2)
    applyGradient(
      &denseGradient, scale: 1, rule: rule, mask: nil, weights: &denseWeights, first: &denseFirst,
      second: &denseSecond, pool: pool)
    applyGradient(
      &gradient, scale: 1, rule: rule, mask: ByteMask(words: [bits], count: 35),
      weights: &weights, first: &first, second: &second, pool: pool)
    for place in 0..<35 {
      let (r, c) = (place / columns, place % columns)
      let kept = bits >> UInt64(place) & 1 == 1
      #expect(weights[r, c].bitPattern == (kept ? denseWeights[r, c].bitPattern : 0))
      if rule.hasFirst {
        #expect(first[r, c].bitPattern == (kept ? denseFirst[r, c].bitPattern : 0))
      }
      if rule.hasSecond {
        #expect(second[r, c].bitPattern == (kept ? denseSecond[r, c].bitPattern : 0))
      }
    }
    #expect(weights.isFinite && first.isFinite && second.isFinite)
  }

  @Test("A scale multiplies the gradient before the step")
  func scale() {
    var fixture = BlockFixture(seed: 14)
    let rule = Self.rules[0]
    let start = fixture.matrix(3, 9)
    let gradient = fixture.matrix(3, 9)
    var (first, second) = (Matrix(rows: 0, columns: 0), Matrix(rows: 0, columns: 0))
    var (scaled, weights) = (gradient, start)
    applyGradient(
      &scaled, scale: 0.5, rule: rule, mask: nil, weights: &weights, first: &first, second: &second,
      pool: WorkerPool(threadCount: 1))
    let expected = zip(start.elements, gradient.elements).map { Double($0) - 0.05 * Double($1) }
    #expect(largestDifference(weights.elements, expected) < Self.tolerance)
  }

  @Test("Packed mask bits expand to one byte a weight", arguments: [0, 1, 63, 64, 65, 130])
  func byteMask(count: Int) {
    let words = (0..<((count + 63) / 64)).map { UInt64(0x9249_2492_4924_9249) << UInt64($0) }
    let mask = ByteMask(words: words, count: count)
    // Seen through a step of rate 0: kept weights stay.
    var weights = Matrix(rows: 1, columns: count, repeating: 1)
    var gradient = weights
    var (first, second) = (Matrix(rows: 0, columns: 0), Matrix(rows: 0, columns: 0))
    applyGradient(
      &gradient, scale: 1, rule: .sgd(rate: 0, momentum: 0, nesterov: false, decay: 0),
      mask: mask, weights: &weights, first: &first, second: &second,
      pool: WorkerPool(threadCount: 1))
    #expect(
      weights.elements == (0..<count).map { Float(words[$0 / 64] >> UInt64($0 % 64) & 1) })
  }
}

extension UpdateRule {
  var hasFirst: Bool {
    if case .sgd(_, let momentum, _, _) = self { return momentum > 0 }
    return true
  }

  var hasSecond: Bool {
    if case .adam = self { return true }
    return false
  }

  /// One parameter's step in Double.
  func reference(
    weight: Float, gradient: Float, first: Float, second: Float
  ) -> (weight: Double, first: Double, second: Double) {
    let (w, m, v) = (Double(weight), Double(first), Double(second))
    switch self {
    case .sgd(let rate, let momentum, let nesterov, let decay):
      let g = Double(gradient) + Double(decay) * w
      let velocity = Double(momentum) * m + g
      let direction = nesterov ? g + Double(momentum) * velocity : velocity
      return (w - Double(rate) * direction, velocity, 0)
    case .adam(
      let step, let beta1, let beta2, let inverseRoot, let epsilon, let coupledDecay, let shrink):
      let g = Double(gradient) + Double(coupledDecay) * w
      let newFirst = Double(beta1) * m + (1 - Double(beta1)) * g
      let newSecond = Double(beta2) * v + (1 - Double(beta2)) * g * g
      let root = newSecond.squareRoot() * Double(inverseRoot) + Double(epsilon)
      return (w * Double(shrink) - Double(step) * newFirst / root, newFirst, newSecond)
    }
  }
}
