import RunFixtures
import Studies
import Testing

@Suite("The comparison of a study")
struct StudyComparisonTests {
  /// Of losses after fine-tuning by seed; the dense networks' are those of `unpruned`.
  private func comparison(
    unpruned: [UInt64: Double], ec: [UInt64: Double]
  ) throws -> StudyComparison {
    func row(_ criterion: String, _ ratio: Double, _ seed: UInt64, _ loss: Double) -> StudyTable.Row
    {
      let isMethod = criterion == "ec"
      return StudyTable.Row(
        identity: StudyCellIdentity(
          dataset: "small", model: "5-3", criterion: criterion, metric: isMethod ? "output" : nil,
          compensation: isMethod ? "ec" : nil, budget: isMethod ? "global" : nil, ratio: ratio,
          seed: seed),
        result: StudyResult(lossAfter: loss, seconds: 1))
    }
    let rows =
      unpruned.sorted { $0.key < $1.key }.map { row("unpruned", 0, $0.key, $0.value) }
      + ec.sorted { $0.key < $1.key }.map { row("ec", 0.8, $0.key, $0.value) }
    let outline = try StudyFixture.settings(StudyFixture.text).outline
    return try #require(StudyComparison.all(outline, StudyTable(rows: rows)).first)
  }

  @Test("tests a method against the dense networks of the same seeds, pair by pair")
  func unpruned() throws {
    let comparison = try comparison(
      unpruned: [1: 0.1, 2: 0.2, 3: 0.3, 9: 5], ec: [1: 0.11, 2: 0.22, 3: 0.31, 4: 7])
    let test = try #require(comparison.testAgainstUnpruned(.lossAfter, of: 0, at: 0.8))
    let expected = try #require(PairedTest([0.1, 0.2, 0.3], [0.11, 0.22, 0.31]))
    #expect(test == expected && test.pairs == 3)
    // The reference is tested against no other method.
    #expect(comparison.test(.lossAfter, of: 0, at: 0.8) == nil)
    #expect(comparison.testsAgainstUnpruned(.lossAfter))
    #expect(!comparison.testsAgainstUnpruned(.accuracyAfter))
  }

  @Test("tests nothing without the dense networks, with one seed, or where seeds do not differ")
  func nothing() throws {
    for (dense, ec) in [
      ([:], [1: 0.1, 2: 0.2]), ([1: 0.1], [1: 0.1]), ([1: 0.1, 2: 0.1], [1: 0.2, 2: 0.2]),
    ] as [([UInt64: Double], [UInt64: Double])] {
      #expect(try !comparison(unpruned: dense, ec: ec).testsAgainstUnpruned(.lossAfter))
    }
  }
}
