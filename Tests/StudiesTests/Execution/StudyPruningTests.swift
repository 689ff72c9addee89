import RunFixtures
import Testing

@Suite("Methods of a study") struct StudyPruningTests {
  @Test("whole units are compared with single weights, by scores shared over ratios or in steps")
  func units() throws {
    let fixture = try StudyFixture(
      StudyFixture.text.replacing(
        "magnitude, random]",
        with: "{criterion: ec, metric: output, name: units, budget: {granularity: unit}}, "
          + "{criterion: ec, metric: output, name: slow, steps: 3, budget: {granularity: unit}}]"))
    let rows = try fixture.run().outcome.table.untimed
    #expect(rows.count == 18)
    func losses(_ criterion: String) -> [Double?] {
      rows.filter { $0.identity.criterion == criterion }.map(\.result.lossBefore)
    }
    #expect(losses("units").count == 4 && losses("slow").count == 4)
    #expect(losses("units") != losses("ec") && losses("units") != losses("slow"))
  }
}
