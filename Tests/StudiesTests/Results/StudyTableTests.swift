import Studies
import Testing

@Suite("A study's table")
struct StudyTableTests {
  @Test("writes fields with commas in quotes, numbers in full, and what does not apply as nothing")
  func csv() {
    let identity = StudyCellIdentity(
      dataset: "a,\"b\"", model: "5-3", criterion: "ec", metric: nil, compensation: "none",
      budget: "erk", ratio: 0.1, seed: 3)
    let table = StudyTable(rows: [
      StudyTable.Row(
        identity: identity,
        result: StudyResult(lossBefore: 1.0 / 3, lossAfter: nil, seconds: 0.12345))
    ])
    #expect(
      table.csv.split(separator: "\n").last
        == "\"a,\"\"b\"\"\",5-3,ec,,none,erk,0.1,3,0.3333333333333333,,,,,,,,,,,,,,,,0.123")
  }
}
