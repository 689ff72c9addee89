import Scheduler
import Testing

@Suite("LayerBounds") struct LayerBoundsTests {
  @Test("constraints read as in the schedule")
  func wording() throws {
    let all: [LayerConstraint] = [
      .oneWeight, .minimumDensity(0.1), .maximumSparsity(try Sparsity(0.9)), .keep,
      .stated(try Sparsity(0.5)),
    ]
    #expect(
      all.map(\.description) == [
        "at least one weight", "min_density 0.1", "max_sparsity 0.9", "keep", "sparsity 0.5",
      ])
  }
}
