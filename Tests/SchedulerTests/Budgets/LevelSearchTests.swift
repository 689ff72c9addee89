import Testing

import Scheduler

@Suite("LevelSearch") struct LevelSearchTests {
  @Test("takes what a sort of all scores would take, the first layers first among equals")
  func sort() {
    for seed in 0..<50 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let scores = (0..<4).map { _ in
        (0..<Int.random(in: 0...9, using: &random)).map { _ in
          Double(Int.random(in: 0...4, using: &random)) / 4
        }.sorted()
      }
      let order = scores.indices.flatMap { layer in scores[layer].map { ($0, layer) } }
        .sorted { $0 < $1 }
      for count in 0...order.count {
        let removed = LevelSearch.removals(count, from: 4) { layer, pattern in
          scores[layer].prefix { $0.bitPattern < pattern }.count
        }
        #expect(
          removed == (0..<4).map { layer in order.prefix(count).count { $0.1 == layer } })
      }
    }
  }
}
