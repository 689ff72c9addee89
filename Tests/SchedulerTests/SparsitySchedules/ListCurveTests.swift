import Scheduler
import Testing

@Suite("ListCurve") struct ListCurveTests {
  private func values(_ fractions: [Double]) throws -> [Sparsity] {
    try fractions.map { try Sparsity($0) }
  }

  @Test("the values are the path; target and rounds may be left out")
  func path() throws {
    let values = try values([0.5, 0.5, 0.8])
    let curve = try ListCurve(values)
    #expect(try curve.sparsities(from: .zero, to: nil, rounds: nil) == values)
    #expect(try curve.sparsities(from: Sparsity(0.5), to: values[2], rounds: 3) == values)
  }

  @Test("an empty or falling list cannot be built")
  func construction() throws {
    #expect(throws: SparsityError.listEmpty) { try ListCurve([]) }
    let falling = try values([0.5, 0.8, 0.7])
    #expect(
      throws: SparsityError.listFalls(round: 3, previous: falling[1], value: falling[2])
    ) { try ListCurve(falling) }
  }

  @Test("a list that contradicts rounds, target or start is an error")
  func contradictions() throws {
    let values = try values([0.5, 0.8])
    let curve = try ListCurve(values)
    #expect(throws: SparsityError.listLength(values: 2, rounds: 3)) {
      try curve.sparsities(from: .zero, to: values[1], rounds: 3)
    }
    #expect(throws: SparsityError.listMissesTarget(last: values[1], target: values[0])) {
      try curve.sparsities(from: .zero, to: values[0], rounds: 2)
    }
    let (middle, high) = (try Sparsity(0.6), try Sparsity(0.9))
    #expect(throws: SparsityError.listBelowStart(first: values[0], start: middle)) {
      try curve.sparsities(from: middle, to: nil, rounds: nil)
    }
    #expect(throws: SparsityError.targetBelowStart(target: values[1], start: high)) {
      try curve.sparsities(from: high, to: nil, rounds: nil)
    }
  }
}
