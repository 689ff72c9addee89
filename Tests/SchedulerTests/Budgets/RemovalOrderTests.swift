import Scheduler
import Testing
import TestSupport

@Suite("RemovalOrder")
struct RemovalOrderTests {
  @Test("has what a selection for each count has, ties included", arguments: [0, 1, 7, 300, 3000])
  func counts(weights: Int) throws {
    var generator = SeededGenerator(seed: 11)
    // Few different numbers, so that many are equal, and both zeros.
    let importances = generator.integers(weights, below: 50).map { value in
      value == 1 ? Float(-0.0) : Float(value) * 0x1p-3
    }
    let profile = try LayerProfile(
      name: "hidden1", outputs: 1, inputs: weights, importances: importances)
    let order = try #require(RemovalOrder(profile))
    let names = (0..<weights).map { 2 * $0 + 1 }
    for kept in Set([0, weights / 3, weights / 2, max(0, weights - 1), weights]) {
      let removed = try order.removed(keeping: kept, of: names, layer: profile.name)
      #expect(removed == (try profile.removedIndices(keeping: kept)).map { names[$0] })
    }
    #expect(throws: BudgetError.layerCount(layer: "hidden1", demanded: -1, remaining: weights)) {
      try order.removed(keeping: -1, of: names, layer: profile.name)
    }
  }

  @Test("is nil where importances are not known")
  func unknown() throws {
    let order = RemovalOrder(try LayerProfile(name: "output", outputs: 2, inputs: 3))
    #expect(order == nil)
  }
}
