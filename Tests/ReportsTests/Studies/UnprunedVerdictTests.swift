import Reports
import RunFixtures
import Studies
import Testing

@Suite("The verdict against unpruned networks")
struct UnprunedVerdictTests {
  /// Of ec at 0.4 and 0.8, whose losses exceed those of the dense networks by so much, over three seeds.
  private func comparison(_ more: [Double: [Double]]) throws -> StudyComparison {
    var rows: [StudyTable.Row] = []
    func add(_ ratio: Double, _ losses: [Double]) {
      for (index, loss) in losses.enumerated() {
        rows.append(
          StudyTable.Row(
            identity: StudyCellIdentity(
              dataset: "small", model: "5-3", criterion: ratio == 0 ? "unpruned" : "ec",
              metric: ratio == 0 ? nil : "output", compensation: ratio == 0 ? nil : "ec",
              budget: ratio == 0 ? nil : "global", ratio: ratio, seed: UInt64(index + 1)),
            result: StudyResult(lossAfter: loss, seconds: 1)))
      }
    }
    let dense = [0.1, 0.2, 0.3]
    add(0, dense)
    for (ratio, more) in more { add(ratio, zip(dense, more).map { $0 + $1 }) }
    let outline = try StudyFixture.settings(StudyFixture.text).outline
    return try #require(StudyComparison.all(outline, StudyTable(rows: rows)).first)
  }

  @Test("says of every ratio whether the reference is better, worse or not told apart")
  func text() throws {
    let comparison = try comparison([0.4: [0.1, -0.1, 0.01], 0.8: [0.5, 0.51, 0.52]])
    let text = try #require(UnprunedVerdict(comparison, .lossAfter)).text
    #expect(
      text.hasPrefix("ec against unpruned, test loss after fine-tuning: at 0.4 not told apart"))
    #expect(text.hasSuffix("at 0.8 worse (p <0.001)"))
  }

  @Test("there is none where nothing is tested")
  func none() throws {
    #expect(try UnprunedVerdict(comparison([0.4: [0.1]]), .lossAfter) == nil)
    #expect(try UnprunedVerdict(comparison([0.4: [0.1, 0.2, 0.3]]), .accuracyAfter) == nil)
  }
}
