import RunFixtures
import Runs
import Testing

@Suite("The image that inputs are") struct ImageShapeTests {
  private static let stages = "stages: [{train: {epochs: 1}}]"

  @Test("has as many pixels as there are inputs, and no part in any key")
  func fits() throws {
    let plain = try PlanFixture.plan(Self.stages)
    let image = try PlanFixture.plan(
      Self.stages, changes: [("scale: standard}", "scale: standard, image: [1, 5]}")])
    #expect(image.stages.map(\.key) == plain.stages.map(\.key))
    #expect(image.root.key == plain.root.key)
  }

  @Test("is refused where it has others")
  func refused() {
    let error = #expect(throws: PlanObstacle.self) {
      try PlanFixture.plan(
        Self.stages, changes: [("scale: standard}", "scale: standard, image: [2, 3]}")])
    }
    #expect(
      "\(error as Any)".contains("data.image: [2, 3] is 6 pixels, the data have 5 inputs"))
  }
}
