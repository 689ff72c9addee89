import Scheduler
import Testing

@Suite("LayerProfile") struct LayerProfileTests {
  @Test("all weights remain unless said otherwise")
  func defaults() throws {
    let layer = try LayerProfile(name: "output", outputs: 10, inputs: 100)
    #expect(layer.weights == 1000)
    #expect(layer.remaining == 1000)
    #expect(layer.importances == nil)
    let later = try layer.with(remaining: 7)
    #expect(later.remaining == 7 && later.weights == 1000 && later.name == "output")
  }

  @Test(
    "sizes that are negative or too large are refused",
    arguments: [(-1, 3), (3, -1), (1 << 20, (1 << 20) + 1), (Int.max, 2), (Int.min, 1)])
  func sizes(outputs: Int, inputs: Int) {
    #expect(throws: BudgetError.layerSize(layer: "a", outputs: outputs, inputs: inputs)) {
      try LayerProfile(name: "a", outputs: outputs, inputs: inputs)
    }
  }

  @Test("remaining weights and importances must fit", arguments: [-1, 7])
  func counts(remaining: Int) {
    #expect(throws: BudgetError.remainingOutOfRange(layer: "a", remaining: remaining, weights: 6)) {
      try LayerProfile(name: "a", outputs: 2, inputs: 3, remaining: remaining)
    }
    #expect(throws: BudgetError.importanceCount(layer: "a", importances: 1, remaining: 2)) {
      try LayerProfile(name: "a", outputs: 1, inputs: 3, remaining: 2, importances: [1])
    }
  }

  @Test(
    "importances that cannot be ranked are refused",
    arguments: [Float.nan, .infinity, -.infinity, -1, -.leastNonzeroMagnitude])
  func importances(value: Float) {
    let error = #expect(throws: BudgetError.self) {
      try LayerProfile(name: "a", outputs: 1, inputs: 3, importances: [0, -0.0, value])
    }
    guard case .importanceInvalid("a", 2, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("an empty layer is a layer")
  func empty() throws {
    let layer = try LayerProfile(name: "a", outputs: 0, inputs: 5, importances: [])
    #expect(layer.weights == 0)
    #expect(try layer.removedIndices(keeping: 0) == [])
  }
}
