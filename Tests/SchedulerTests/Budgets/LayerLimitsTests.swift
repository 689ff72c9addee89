import Scheduler
import Testing

@Suite("LayerLimits") struct LayerLimitsTests {
  private func layer(_ weights: Int, remaining: Int? = nil) throws -> LayerProfile {
    try LayerProfile(name: "a", outputs: 1, inputs: weights, remaining: remaining)
  }

  @Test("densities outside [0, 1] are refused", arguments: [-0.1, 1.1, 90, .nan])
  func refuses(density: Double) {
    #expect(throws: BudgetError.self) { try LayerLimits(minimumDensity: density) }
    #expect(throws: BudgetError.self) { try LayerRule(LayerPattern("*"), minimumDensity: density) }
  }

  @Test("one weight stays unless asked otherwise, but not in a layer without weights")
  func oneWeight() throws {
    let bounds = LayerLimits.none.bounds(of: try layer(5))
    #expect(bounds.least == 1 && bounds.most == 5 && bounds.constraint == .oneWeight)
    #expect(LayerLimits.none.bounds(of: try layer(0)).least == 0)
    let empty = try LayerLimits(allowsEmpty: true).bounds(of: try layer(5))
    #expect(empty.least == 0 && empty.constraint == nil)
  }

  @Test("keep holds what is left")
  func keep() throws {
    let bounds = try LayerLimits(keep: true).bounds(of: try layer(5, remaining: 3))
    #expect(bounds.least == 3 && bounds.most == 3 && bounds.constraint == .keep)
  }

  @Test(
    "the least count is the smallest within the limit, whatever rounding does to the product",
    arguments: [
      (100, 0.07, 7), (30, 0.1, 3), (34, 0.1, 4), (3, 1.0, 3), (1, 1e-300, 1), (7, 0.0, 1),
      (1_000_000, 0.001, 1000), (49, 1.0 / 49, 1),
    ])
  func minimumDensity(weights: Int, density: Double, least: Int) throws {
    let bounds = try LayerLimits(minimumDensity: density).bounds(of: try layer(weights))
    #expect(bounds.least == least)
  }

  @Test(
    "likewise for the largest sparsity",
    arguments: [
      (100, 0.93, 7), (100, 0.07, 93), (33, 0.9, 4), (10, 0.0, 10), (10, 0.999, 1), (100, 0.29, 71),
    ])
  func maximumSparsity(weights: Int, sparsity: Double, least: Int) throws {
    let limits = try LayerLimits(maximumSparsity: Sparsity(sparsity))
    #expect(limits.bounds(of: try layer(weights)).least == least)
  }

  @Test("limits hold at every size, and one weight less would break them")
  func tight() throws {
    var random = SplitMix64(seed: 11)
    for bits in 0...40 {
      for _ in 0..<20 {
        let weights = Int.random(in: 1...(1 << bits), using: &random)
        let bound = Double.random(in: 0..<1, using: &random)
        let total = Double(weights)
        let dense = try LayerLimits(minimumDensity: bound, allowsEmpty: true)
          .bounds(of: try layer(weights)).least
        #expect(Double(dense) / total >= bound)
        #expect(dense == 0 || Double(dense - 1) / total < bound)
        let sparse = try LayerLimits(maximumSparsity: Sparsity(bound), allowsEmpty: true)
          .bounds(of: try layer(weights)).least
        #expect(Double(weights - sparse) / total <= bound)
        #expect(sparse == 0 || Double(weights - sparse + 1) / total > bound)
      }
    }
  }

  @Test("the stricter limit is the one that binds, and a layer already below it keeps what it has")
  func strictest() throws {
    let limits = try LayerLimits(minimumDensity: 0.2, maximumSparsity: Sparsity(0.7))
    let bounds = limits.bounds(of: try layer(100))
    #expect(bounds.least == 30)
    #expect(bounds.constraint == .maximumSparsity(try Sparsity(0.7)))
    let below = limits.bounds(of: try layer(100, remaining: 9))
    #expect(below.least == 9 && below.most == 9)
  }
}
