import Scheduler
import Testing

@Suite("FractionCurve") struct FractionCurveTests {
  private let fifth = try! FractionCurve(0.2)

  @Test("fractions outside (0, 1) are refused", arguments: [-0.1, 0, 1, 20, .nan])
  func refuses(fraction: Double) {
    #expect(throws: SparsityError.self) { try FractionCurve(fraction) }
  }

  @Test("without rounds they follow, and the last is clipped to the target")
  func followingRounds() throws {
    let path = try fifth.sparsities(from: .zero, to: Sparsity(0.5), rounds: nil)
    expectPath(path, [0.2, 0.36, 0.488, 0.5])
    #expect(path.last == (try Sparsity(0.5)))
  }

  @Test("a target that is a whole number of rounds away takes no round more for a rounding error")
  func wholeRounds() throws {
    var density = 1.0
    for rounds in 1...30 {
      density *= 0.8
      for target in [1 - density, (1 - density).nextUp] {
        let path = try fifth.sparsities(from: .zero, to: Sparsity(target), rounds: nil)
        #expect(path.count == rounds)
        #expect(path.last?.fraction == target)
      }
    }
  }

  @Test("there is at least one round")
  func standstill() throws {
    let half = try Sparsity(0.5)
    #expect(try fifth.sparsities(from: half, to: half, rounds: nil) == [half])
  }

  @Test("without a target it is what the last round reaches")
  func followingTarget() throws {
    let path = try fifth.sparsities(from: Sparsity(0.5), to: nil, rounds: 3)
    expectPath(path, [0.6, 0.68, 0.744])
  }

  @Test("rounds beyond the target stay there")
  func surplusRounds() throws {
    let path = try fifth.sparsities(from: .zero, to: Sparsity(0.3), rounds: 4)
    expectPath(path, [0.2, 0.3, 0.3, 0.3])
  }

  @Test("rounds that end below the target are an error that says how many it takes")
  func tooFewRounds() throws {
    let error = #expect(throws: SparsityError.self) {
      try fifth.sparsities(from: .zero, to: Sparsity(0.98), rounds: 5)
    }
    guard case .fractionMissesTarget(_, 5, let reached, _, let needed) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(abs(reached.fraction - (1 - 0.32768)) < 1e-12)
    // 0.8^17 = 0.0225 and 0.8^18 = 0.0180
    #expect(needed == 18)
  }

  @Test("a fraction that would take for ever, nothing given, and a lower target are errors")
  func impossible() throws {
    let half = try Sparsity(0.5)
    let tiny = try FractionCurve(1e-9)
    #expect(
      throws: SparsityError.fractionNeedsTooManyRounds(
        fraction: 1e-9, target: half, limit: CurveEnds.maximumRounds)
    ) { try tiny.sparsities(from: .zero, to: half, rounds: nil) }
    #expect(throws: SparsityError.targetMissing(curve: "exponential")) {
      try fifth.sparsities(from: .zero, to: nil, rounds: nil)
    }
    #expect(throws: SparsityError.targetBelowStart(target: .zero, start: half)) {
      try fifth.sparsities(from: half, to: .zero, rounds: nil)
    }
    #expect(throws: SparsityError.self) {
      try FractionCurve(0.9).sparsities(from: .zero, to: nil, rounds: 1000)
    }
    #expect(throws: SparsityError.self) { try fifth.sparsities(from: .zero, to: half, rounds: 0) }
  }
}
