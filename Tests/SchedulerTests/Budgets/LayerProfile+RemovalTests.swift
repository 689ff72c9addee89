import Scheduler
import Testing

@Suite("LayerProfile, removal") struct LayerProfileRemovalTests {
  @Test("the least important go, among equals the first, and -0 equals 0")
  func ties() throws {
    let layer = try LayerProfile(
      name: "a", outputs: 2, inputs: 4, importances: [3, 0, 1, -0.0, 1, 0, 1, 2])
    let expected = [
      [], [1], [1, 3], [1, 3, 5], [1, 2, 3, 5], [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6],
      [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4, 5, 6, 7],
    ]
    for (removed, indices) in expected.enumerated() {
      #expect(try layer.removedIndices(keeping: 8 - removed) == indices)
    }
  }

  @Test("as a full sort does, for sizes around the histogram's", arguments: [1, 2048, 2049, 5000])
  func sorted(count: Int) throws {
    var random = SplitMix64(seed: UInt64(count))
    // Magnitudes from subnormal to large, each value about twice.
    let importances = (0..<count).map { _ in
      Float(bitPattern: UInt32.random(in: 0..<0x7f80_0000, using: &random) & ~0xfff)
    }
    let layer = try LayerProfile(name: "a", outputs: count, inputs: 1, importances: importances)
    let order = importances.indices.sorted {
      (importances[$0], $0) < (importances[$1], $1)
    }
    for kept in Set([0, 1, count / 3, count / 2, count - 1, count]) {
      #expect(
        try layer.removedIndices(keeping: kept) == order.prefix(count - kept).sorted())
    }
  }

  @Test("counts out of range and unmeasured layers are errors")
  func refuses() throws {
    let layer = try LayerProfile(name: "a", outputs: 1, inputs: 2, importances: [1, 2])
    for kept in [-1, 3] {
      #expect(throws: BudgetError.layerCount(layer: "a", demanded: kept, remaining: 2)) {
        try layer.removedIndices(keeping: kept)
      }
    }
    #expect(throws: BudgetError.importancesMissing(layer: "a")) {
      try layer.with(remaining: 1).removedIndices(keeping: 1)
    }
  }
}
