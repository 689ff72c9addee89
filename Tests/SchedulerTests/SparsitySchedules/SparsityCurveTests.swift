import Scheduler
import Testing

@Suite("SparsityCurve") struct SparsityCurveTests {
  private static let curves: [SparsityCurve] = [
    .oneShot, .linear, .cubic, .cosine, .exponential,
  ]

  @Test(
    "every curve moves in round 1, never falls, stays in range and ends exactly at the target",
    arguments: 0..<5)
  func endPoints(index: Int) throws {
    let curve = Self.curves[index]
    var random = SplitMix64(seed: UInt64(index))
    for rounds in [1, 2, 3, 7, 12, 100, CurveEnds.maximumRounds] {
      for _ in 0..<10 {
        let start = try Sparsity(random.once(in: 2) ? 0 : .random(in: 0..<0.9, using: &random))
        let target = try Sparsity(.random(in: (start.fraction + 0.01)..<1, using: &random))
        let path = try curve.sparsities(from: start, to: target, rounds: rounds)
        #expect(path.count == rounds)
        #expect(path[0] > start)
        #expect(zip(path, path.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(path.last == target)
      }
    }
  }

  @Test("a target equal to the start stays there", arguments: 0..<5)
  func standstill(index: Int) throws {
    let here = try Sparsity(0.3)
    let path = try Self.curves[index].sparsities(from: here, to: here, rounds: 3)
    #expect(path == [here, here, here])
  }

  @Test("a target below the start, no target and impossible rounds are errors", arguments: 0..<5)
  func refuses(index: Int) throws {
    let curve = Self.curves[index]
    let (low, high) = (try Sparsity(0.5), try Sparsity(0.6))
    #expect(throws: SparsityError.targetBelowStart(target: low, start: high)) {
      try curve.sparsities(from: high, to: low, rounds: 3)
    }
    #expect(throws: SparsityError.targetMissing(curve: curve.name)) {
      try curve.sparsities(from: low, to: nil, rounds: 3)
    }
    for rounds in [Int.min, -1, 0, CurveEnds.maximumRounds + 1, Int.max] {
      #expect(
        throws: SparsityError.roundsOutOfRange(rounds: rounds, limit: CurveEnds.maximumRounds)
      ) {
        try curve.sparsities(from: low, to: high, rounds: rounds)
      }
    }
  }

  @Test("one_shot: round 1 is the target, and there is one round unless more are asked for")
  func atOnce() throws {
    let target = try Sparsity(0.9)
    let curve = SparsityCurve.oneShot
    #expect(try curve.sparsities(from: .zero, to: target, rounds: nil) == [target])
    #expect(try curve.sparsities(from: .zero, to: target, rounds: 2) == [target, target])
  }

  @Test("names are those of the schedule")
  func names() throws {
    #expect(
      Self.curves.map(\.name) == ["one_shot", "linear", "cubic", "cosine", "exponential"])
    #expect(try SparsityCurve.fraction(FractionCurve(0.2)).name == "exponential")
    #expect(try SparsityCurve.list(ListCurve([.zero])).name == "list")
  }
}

/// Compares a path with values from elsewhere; 1e-12 leaves room for another order of operations.
func expectPath(
  _ path: [Sparsity], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(path.count == expected.count, sourceLocation: sourceLocation)
  for (sparsity, value) in zip(path, expected) {
    #expect(abs(sparsity.fraction - value) < 1e-12, sourceLocation: sourceLocation)
  }
}
