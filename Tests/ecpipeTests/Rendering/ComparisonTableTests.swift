import RunFixtures
import Studies
import Testing
import ecpipe

@Suite("The table of a comparison")
struct ComparisonTableTests {
  @Test("has at most four ratios, evenly spread, the last among them")
  func ratios() {
    #expect(ComparisonTable.chosen([0.5, 0.9]) == [0.5, 0.9])
    #expect(
      ComparisonTable.chosen([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]) == [
        0.2, 0.5, 0.7, 0.95,
      ])
  }

  @Test("is none of dense networks alone, which are all that a study has measured at first")
  func denseAlone() throws {
    let identity = StudyCellIdentity(
      dataset: "small", model: "5-3", criterion: "unpruned", metric: nil, compensation: nil,
      budget: nil, ratio: 0, seed: 1)
    let result = StudyResult(lossBefore: 0.6, lossAfter: 0.5, seconds: 1)
    let table = StudyTable(rows: [StudyTable.Row(identity: identity, result: result)])
    let outline = try StudyFixture.settings(StudyFixture.text).outline
    let comparison = try #require(StudyComparison.all(outline, table).first)
    #expect(comparison.unprunedValues(.lossBefore) == [0.6])
    #expect(ComparisonTable.lines(of: comparison).isEmpty)
  }
}
