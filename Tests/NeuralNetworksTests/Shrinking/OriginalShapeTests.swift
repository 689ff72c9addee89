import NeuralNetworks
import Testing

@Suite("Shapes before units were left out")
struct OriginalShapeTests {
  @Test("weights are those of the whole network")
  func count() {
    let shape = OriginalShape(widths: [64, 300, 100, 10], of: [64, 55, 60, 10])
    #expect(shape?.weightCount == 50_200)
    #expect(OriginalShape(widths: [64, 55, 60, 10], of: [60, 55, 60, 10])?.weightCount == 7_420)
  }

  @Test(
    "what cannot have become of it is refused, and so is nothing left out",
    arguments: [
      [64, 55, 60, 10], [64, 54, 100, 10], [64, 300, 10], [64, 300, 100, 20], [],
      [Int.max, 300, 100, 10], [64, Int.max / 2, 100, 10],
    ])
  func refused(widths: [Int]) {
    #expect(OriginalShape(widths: widths, of: [64, 55, 60, 10]) == nil)
  }
}
