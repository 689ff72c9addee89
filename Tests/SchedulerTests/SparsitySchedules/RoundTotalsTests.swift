import Scheduler
import Testing

@Suite("RoundTotals") struct RoundTotalsTests {
  @Test("the digits example: 50,200 weights, cubic to 0.98 in 12 rounds, ends at 1,004")
  func digits() throws {
    let totals = try RoundTotals(
      curve: .cubic, remaining: 50_200, of: 50_200, to: Sparsity(0.98), rounds: 12)
    // 50,200 − ⌊50,200·s + ½⌋ with s from the formula, by hand.
    #expect(
      totals.kept == [
        38_897, 29_474, 21_759, 15_581, 10_769, 7_153, 4_563, 2_826, 1_773, 1_232, 1_032, 1_004,
      ])
    #expect(totals.sparsities.count == 12)
  }

  @Test("totals never rise and end at the count of the target, at every size")
  func property() throws {
    let curves: [SparsityCurve] = [.oneShot, .linear, .cubic, .cosine, .exponential]
    var random = SplitMix64(seed: 5)
    for bits in 0...40 {
      for curve in curves {
        let total = Int.random(in: 1...(1 << bits), using: &random)
        let remaining = Int.random(in: 1...total, using: &random)
        let start = try Sparsity(kept: remaining, of: total)
        let target = try Sparsity(.random(in: start.fraction..<1, using: &random))
        let totals = try RoundTotals(
          curve: curve, remaining: remaining, of: total, to: target, rounds: 9)
        #expect(totals.kept[0] <= remaining)
        #expect(zip(totals.kept, totals.kept.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(totals.kept.last == target.kept(of: total))
      }
    }
  }

  @Test("a network pruned to a sparsity that its size rounds up can go on from there")
  func roundedStart() throws {
    // 0.9 of 33 is 29.7, so 30 are gone: measured 0.909.
    let target = try Sparsity(0.9)
    let totals = try RoundTotals(curve: .linear, remaining: 3, of: 33, to: target, rounds: 2)
    #expect(totals.kept == [3, 3])
    let list = SparsityCurve.list(try ListCurve([target, Sparsity(0.95)]))
    #expect(
      try RoundTotals(curve: list, remaining: 3, of: 33, to: nil, rounds: nil).kept == [3, 2])
    #expect(throws: SparsityError.self) {
      try RoundTotals(curve: .linear, remaining: 3, of: 33, to: Sparsity(0.8), rounds: 2)
    }
  }

  @Test("one weight, no weights, nothing left")
  func edges() throws {
    let half = try Sparsity(0.4)
    #expect(
      try RoundTotals(curve: .linear, remaining: 1, of: 1, to: half, rounds: 2).kept == [1, 1])
    #expect(try RoundTotals(curve: .linear, remaining: 0, of: 0, to: half, rounds: 1).kept == [0])
    #expect(throws: SparsityError.nothingLeft(total: 9)) {
      try RoundTotals(curve: .linear, remaining: 0, of: 9, to: half, rounds: 1)
    }
  }
}
