import Scheduler
import Testing

@Suite("LayerPattern") struct LayerPatternTests {
  private let names = ["hidden1", "hidden2", "hidden12", "output"]

  @Test(
    "globs select whole names",
    arguments: [
      ("*", [0, 1, 2, 3]), ("**", [0, 1, 2, 3]), ("hidden*", [0, 1, 2]), ("output", [3]),
      ("hidden?", [0, 1]), ("*2", [1, 2]), ("h*1*", [0, 2]), ("*d*n*", [0, 1, 2]),
      ("hidden1", [0]), ("?*t", [3]), ("o*t*u*t", [3]),
    ])
  func selects(glob: String, indices: [Int]) throws {
    #expect(try LayerPattern(glob).indices(in: names) == indices)
  }

  @Test("lists select the union, ascending, each layer once")
  func list() throws {
    #expect(
      try LayerPattern(["output", "*2", "hidden2"]).indices(in: names) == [1, 2, 3])
    #expect(try LayerPattern([String]()).indices(in: names) == [])
  }

  @Test(
    "what selects nothing is an error, also inside a list",
    arguments: ["ouput", "hidden3", "", "Output", "hidden", "out?", "hidden*x", "idden12"])
  func unmatched(glob: String) {
    let error = BudgetError.noSuchLayer(pattern: glob, layers: names)
    #expect(throws: error) { try LayerPattern(glob).indices(in: names) }
    #expect(throws: error) { try LayerPattern(["*", glob]).indices(in: names) }
  }

  @Test("without layers nothing matches")
  func noLayers() {
    #expect(throws: BudgetError.noSuchLayer(pattern: "*", layers: [])) {
      try LayerPattern("*").indices(in: [])
    }
  }

  @Test("a hostile pattern takes no exponential time")
  func hostile() {
    let glob = String(repeating: "*a", count: 200)
    let name = String(repeating: "a", count: 199)
    #expect(throws: BudgetError.self) { try LayerPattern(glob).indices(in: [name]) }
  }
}
