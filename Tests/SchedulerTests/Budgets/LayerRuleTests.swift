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
        LayerRule(LayerPattern("hidden*"), minimumDensity: 0.1, allowsEmpty: true),
        LayerRule(LayerPattern("hidden2"), minimumDensity: 0.2),
      ], to: names)
    let cap = try Sparsity(0.99)
    #expect(
      limits == [
        try LayerLimits(minimumDensity: 0.1, maximumSparsity: cap, allowsEmpty: true),
        try LayerLimits(minimumDensity: 0.2, maximumSparsity: cap, allowsEmpty: true),
        try LayerLimits(keep: true, minimumDensity: 0.01, maximumSparsity: cap),
      ])
  }

  @Test("without rules every layer has the base limits")
  func none() throws {
    #expect(try LayerLimits.none.applying([], to: names) == [.none, .none, .none])
  }

  @Test("a pattern that selects nothing is an error")
  func unmatched() throws {
    let rule = try LayerRule(LayerPattern("hiden1"), keep: true)
    #expect(throws: BudgetError.noSuchLayer(pattern: "hiden1", layers: names)) {
      try LayerLimits.none.applying([rule], to: names)
    }
  }
}
