import Pruning
import Testing

@Suite("The search of widths under a step constraint")
struct WidthSearchTests {
  /// 10·4 + 4·4 + 4·2 = 64 weights; a layer may lose three units, the other two.
  private let search = WidthSearch(
    widths: [10, 4, 4, 2], errors: [[0.1, 0.2, 0.3], [0.05, 0.25]])

  @Test("each layer loses the most units whose error is at or below the threshold")
  func threshold() {
    #expect(search.removed(under: 0.01) == [0, 0])
    #expect(search.removed(under: 0.1) == [1, 1])
    #expect(search.removed(under: 0.25) == [2, 2])
    #expect(search.removed(under: 1) == [3, 2])
  }

  @Test(
    "the threshold is the least at which few enough weights are left",
    arguments: [
      (60, [0, 1]), (58, [0, 1]), (57, [1, 1]), (45, [1, 1]), (44, [2, 1]), (1, [3, 2]),
    ])
  func bisection(weights: Int, removed: [Int]) {
    #expect(search.removed(leaving: weights) == removed)
  }

  @Test("weights are those between the units that are left")
  func weights() {
    #expect(search.weights(behind: [0, 0]) == 64)
    // 10·3 + 3·3 + 3·2
    #expect(search.weights(behind: [1, 1]) == 45)
  }

  @Test("layers without units to lose lose none")
  func nothing() {
    let search = WidthSearch(widths: [3, 1, 2], errors: [[]])
    #expect(search.removed(leaving: 1) == [0])
  }
}
