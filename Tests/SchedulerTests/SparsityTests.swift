import Scheduler
import Testing

@Suite("Sparsity") struct SparsityTests {
  @Test("values outside [0, 1) are refused", arguments: [-0.1, 1, 1.5, 90, .nan, .infinity])
  func refuses(fraction: Double) {
    #expect(throws: SparsityError.self) { try Sparsity(fraction) }
  }

  @Test("zero is stored without a sign")
  func negativeZero() throws {
    #expect(try Sparsity(-0.0).fraction.sign == .plus)
  }

  @Test(
    "removed is r·N rounded, halves up",
    arguments: [
      (0.0, 0, 0), (0.5, 0, 0), (0.5, 1, 1), (0.49, 1, 0), (0.98, 50_200, 49_196),
      (0.7, 5, 4), (0.1, 5, 1), (0.99, 10, 10), (0.9, 266_200, 239_580),
      (0.5, (1 << 40) - 1, 1 << 39),
    ])
  func removed(fraction: Double, total: Int, removed: Int) throws {
    let sparsity = try Sparsity(fraction)
    #expect(sparsity.removed(of: total) == removed)
    #expect(sparsity.kept(of: total) == total - removed)
  }

  @Test(
    "the fewest weights that do not exceed a sparsity: r·N is never rounded up",
    arguments: [
      (0.9, 44, 5), (0.9, 50, 5), (0.9, 95, 10), (0.5, 95, 48), (0.999, 10, 1), (0.0, 7, 7),
      (0.07, 100, 93),
      (0.29, 100, 71), (0.5, 0, 0),
    ])
  func fewestKept(fraction: Double, total: Int, kept: Int) throws {
    let sparsity = try Sparsity(fraction)
    #expect(sparsity.fewestKept(of: total) == kept)
    #expect(total == 0 || Double(total - kept) / Double(total) <= fraction)
  }

  @Test("up to 2^40 weights a measured sparsity stands for the very count it was measured on")
  func roundTrip() throws {
    var random = SplitMix64(seed: 1)
    for bits in 0...40 {
      for _ in 0..<50 {
        let total = Int.random(in: 1...(1 << bits), using: &random)
        let kept = Int.random(in: 1...total, using: &random)
        #expect(try Sparsity(kept: kept, of: total).kept(of: total) == kept)
      }
    }
  }

  @Test("more sparsity never removes less, and neither do more weights")
  func monotone() throws {
    var random = SplitMix64(seed: 2)
    for _ in 0..<500 {
      let low = Double.random(in: 0..<1, using: &random)
      let high = Double.random(in: low..<1, using: &random)
      let total = Int.random(in: 0...(1 << 40), using: &random)
      let fewer = Int.random(in: 0...total, using: &random)
      #expect(try Sparsity(low).removed(of: total) <= Sparsity(high).removed(of: total))
      #expect(try Sparsity(low).removed(of: fewer) <= Sparsity(low).removed(of: total))
    }
  }

  @Test("measuring refuses impossible counts and an emptied network")
  func measuring() throws {
    #expect(try Sparsity(kept: 0, of: 0) == .zero)
    #expect(try Sparsity(kept: 25, of: 100).fraction == 0.75)
    #expect(throws: SparsityError.nothingLeft(total: 3)) { try Sparsity(kept: 0, of: 3) }
    #expect(throws: SparsityError.countOutOfRange(kept: 4, total: 3)) {
      try Sparsity(kept: 4, of: 3)
    }
    #expect(throws: SparsityError.countOutOfRange(kept: -1, total: 3)) {
      try Sparsity(kept: -1, of: 3)
    }
  }

  @Test("the shortest sparsity for a count has no needless decimals")
  func shortest() {
    #expect(Sparsity.shortest(removing: 49_196, of: 50_200)?.description == "0.98")
    #expect(Sparsity.shortest(removing: 2, of: 3)?.description == "0.7")
    #expect(Sparsity.shortest(removing: 10, of: 10)?.description == "0.95")
    #expect(Sparsity.shortest(removing: 0, of: 0) == .zero)
    #expect(Sparsity.shortest(removing: 4, of: 3) == nil)
    #expect(Sparsity.shortest(removing: -1, of: 3) == nil)
  }

  @Test("the shortest sparsity removes the very count")
  func shortestIsExact() throws {
    var random = SplitMix64(seed: 3)
    for bits in 0...40 {
      let total = Int.random(in: 1...(1 << bits), using: &random)
      let removed = Int.random(in: 0...total, using: &random)
      #expect(Sparsity.shortest(removing: removed, of: total)?.removed(of: total) == removed)
    }
  }
}
