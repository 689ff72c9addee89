import Drafts
import Testing

@Suite("Dates in a table") struct CalendarDateTests {
  @Test(
    "are days and months as people and databases write them",
    arguments: [
      ("2024-05-31", true), ("2024/5/1", true), ("2024-05", true), ("31.12.2024", true),
      ("12/31/24", true), ("3 May 2024", true), ("May 3, 2024", true), ("1-Jan-2020", true),
      ("2024-05-31T10:20:30Z", true), ("2024-05-31 10:20", true), ("2024", false), ("", false),
      ("10:30", false), ("31.31.2024", false), ("2024-13-01", false), ("192.168.0.1", false),
      ("1.2.3", false), ("a-b-c", false), ("3 Nay 2024", false), ("2024-05-31x", false),
    ])
  func texts(text: String, isDate: Bool) {
    #expect(CalendarDate.isDate(text) == isDate)
  }

  @Test(
    "are also numbers of eight digits, year first",
    arguments: [(20_240_531.0, true), (20_241_331, false), (20_240_500, false), (1e7, false)])
  func numbers(number: Double, isDate: Bool) {
    #expect(CalendarDate.isDate(number) == isDate)
  }
}
