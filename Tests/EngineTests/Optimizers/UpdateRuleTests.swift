import Foundation
import TestSupport
import Testing

import NumericCore
import Engine

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
    rule.step(&weights, gradient, mask: nil, &first, &second)
    #expect(largestDifference(weights, expected.map(\.weight)) < Self.tolerance)
    if rule.hasFirst { #expect(largestDifference(first, expected.map(\.first)) < Self.tolerance) }
    if rule.hasSecond {
      #expect(largestDifference(second, expected.map(\.second)) < Self.tolerance)
    }
  }

  @Test("Pruned places are 0 after a step, whatever was in them, NaN included", arguments: rules)
  func pruned(rule: UpdateRule) {
    var fixture = BlockFixture(seed: 13)
    let count = 35
    var weights = fixture.vector(count)
    var gradient = fixture.vector(count)
    var first = rule.hasFirst ? fixture.vector(count) : []
    var second = rule.hasSecond ? fixture.vector(count).map(abs) : []
    let mask: [UInt8] = (0..<count).map { [1, 1, 0, 1, 0, 0, 1][$0 * 5 % 7] }
    for (turn, place) in mask.indices.filter({ mask[$0] == 0 }).enumerated() {
      let bad: [Float] = [.nan, .infinity, -.infinity, 3]
      gradient[place] = bad[turn % 4]
      weights[place] = bad[(turn / 4) % 4]
      if rule.hasFirst { first[place] = bad[turn % 3] }
      if rule.hasSecond { second[place] = bad[(turn + 1) % 3] }
    }
    // Without a mask the same numbers show that only pruned places differ.
    var (denseWeights, denseFirst, denseSecond) = (weights, first, second)
    rule.step(&denseWeights, gradient, mask: nil, &denseFirst, &denseSecond)
    rule.step(&weights, gradient, mask: mask, &first, &second)
    for place in 0..<count {
      let kept = mask[place] == 1
      #expect(weights[place].bitPattern == (kept ? denseWeights[place].bitPattern : 0))
      if rule.hasFirst {
        #expect(first[place].bitPattern == (kept ? denseFirst[place].bitPattern : 0))
      }
      if rule.hasSecond {
        #expect(second[place].bitPattern == (kept ? denseSecond[place].bitPattern : 0))
      }
    }
    let finite = (weights + first + second).allSatisfy { $0.isFinite }
    #expect(finite)
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

  /// A step on all parameters; empty moments mean none.
  func step(
    _ weights: inout [Float], _ gradient: [Float], mask: [UInt8]?, _ first: inout [Float],
    _ second: inout [Float]
  ) {
    first.withUnsafeMutableBufferPointer { m in
      second.withUnsafeMutableBufferPointer { v in
        let (m, v) = (m.isEmpty ? nil : m.baseAddress, v.isEmpty ? nil : v.baseAddress)
        if weights.isEmpty { return }
        if let mask {
          apply(
            count: weights.count, weights: &weights, gradient: gradient, mask: mask, first: m,
            second: v)
        } else {
          apply(
            count: weights.count, weights: &weights, gradient: gradient, mask: nil, first: m,
            second: v)
        }
      }
    }
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
