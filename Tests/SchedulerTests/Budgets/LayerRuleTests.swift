import Scheduler
import Testing

@Suite("LayerRule") struct LayerRuleTests {
  private let names = ["hidden1", "hidden2", "output"]

  @Test("rules change what they state, in order, and leave the rest")
  func order() throws {
    let base = try LayerLimits(minimumDensity: 0.01)
    let limits = try base.applying(
      [
        LayerRule(LayerPattern(["output"]), keep: true),
        LayerRule(LayerPattern("*"), maximumSparsity: Sparsity(0.99)),
        LayerRule(LayerPattern("hidden*"), minimumDensity: 0.1, density: 0.25),
        LayerRule(LayerPattern("hidden2"), minimumDensity: 0.2),
      ], to: names)
    let cap = try Sparsity(0.99)
    let stated = try Sparsity(0.75)
    #expect(
      limits == [
        try LayerLimits(minimumDensity: 0.1, maximumSparsity: cap, stated: stated),
        try LayerLimits(minimumDensity: 0.2, maximumSparsity: cap, stated: stated),
        try LayerLimits(keep: true, minimumDensity: 0.01, maximumSparsity: cap),
      ])
  }

  @Test("without rules every layer has the base limits")
  func none() throws {
    #expect(try LayerLimits.none.applying([], to: names) == [.none, .none, .none])
  }

  @Test("a density that is none, or leaves nothing, is refused")
  func densities() throws {
    for density in [0, 1e-300, -0.1, 1.1, .nan] {
      #expect(throws: BudgetError.self) { try LayerRule(LayerPattern("*"), density: density) }
    }
    let whole = try LayerRule(LayerPattern("*"), density: 1)
    #expect(try LayerLimits.none.applying([whole], to: names)[0].stated == .zero)
  }

  @Test("a pattern that selects nothing is an error")
  func unmatched() throws {
    let rule = try LayerRule(LayerPattern("hiden1"), keep: true)
    #expect(throws: BudgetError.noSuchLayer(pattern: "hiden1", layers: names)) {
      try LayerLimits.none.applying([rule], to: names)
    }
  }
}
