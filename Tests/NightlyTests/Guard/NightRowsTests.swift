import Nightly
import RunFixtures
import Storage
import TestSupport
import Testing

@Suite("Rows that the last night had") struct NightRowsTests {
  private static func nightly(_ settings: String) -> String {
    "nightly: {guard: {min_rows: 1, psi: any, rows_drop: any, \(settings)}, "
      + "promote: {min_rows: 10, not_worse_by: 0.9}}\n"
  }

  private func fixture(_ settings: String) throws -> NightFixture {
    try NightFixture(NightFixture.head + Self.nightly(settings))
  }

  /// The header and so many rows.
  private func table(seed: UInt64, _ rows: Range<Int>) -> [Substring] {
    let lines = RunFixture.table(seed: seed, rows: 200).split(separator: "\n")
    return [lines[0]] + lines[(rows.lowerBound + 1)..<(rows.upperBound + 1)]
  }

  @Test("copies and new rows are counted, whatever their order")
  func tally() {
    let last = NightRows("a", [5, 1, 3, 3])
    #expect(RowTally(NightRows("b", [3, 1, 5, 3]), after: last).new == 0)
    let tally = RowTally(NightRows("b", [0, 9, 9, 3, 3, 3, 5]), after: last)
    #expect(tally.rows == 7 && tally.copies == 3 && tally.new == 3 && tally.since == "a")
    #expect(RowTally(NightRows("b", []), after: last) == RowTally(NightRows("c", []), after: last))
    #expect(RowTally(NightRows("b", [1]), after: nil).new == nil)
  }

  @Test("yesterday's file is refused where new rows are demanded, and is no failure otherwise")
  func yesterday() throws {
    let usual = try fixture("action: stop")
    try usual.night()
    #expect(try usual.night().outcome == .kept)
    #expect(
      usual.said.contains {
        $0.hasSuffix("60 rows, 0 of them new since 2026-03-01T0000, 0 copies of others")
      })

    let strict = try fixture("min_new_rows: 5")
    #expect(try strict.refusals().isEmpty)
    // In another order, and without its last row.
    let lines = table(seed: 1, 0..<59)
    try strict.folder.write(
      (lines[..<1] + lines[1...].reversed()).joined(separator: "\n") + "\n", to: "train.csv")
    #expect(
      try strict.refusals() == [
        "0 of 59 rows are new since 2026-03-01T0000, guard.min_new_rows is 5"
      ])
    try strict.arrive(seed: 1)
    // The very same file: what the last night has computed is linked, and let go of again.
    #expect(try strict.refusals().count == 1 && strict.job.nights == ["2026-03-01T0000"])
    for (count, isRefused) in [(64, true), (65, false)] {
      let rows = table(seed: 1, 0..<60) + table(seed: 8, 0..<(count - 60))[1...]
      try strict.folder.write(rows.joined(separator: "\n") + "\n", to: "train.csv")
      #expect(try strict.refusals().isEmpty == !isRefused)
    }
  }

  @Test("copies are refused where they are more than stated")
  func copies() throws {
    let fixture = try fixture("duplicates: 0.25")
    let rows = table(seed: 1, 0..<60)
    try fixture.folder.write((rows + rows[1...21]).joined(separator: "\n") + "\n", to: "train.csv")
    #expect(
      try fixture.refusals() == [
        "21 of 81 rows are copies of others among them, guard.duplicates is 0.25"
      ])
    try fixture.folder.write((rows + rows[1...20]).joined(separator: "\n") + "\n", to: "train.csv")
    #expect(try fixture.refusals().isEmpty)
  }

  @Test("a damaged or missing record demands nothing")
  func damaged() throws {
    let fixture = try fixture("min_new_rows: 1")
    try fixture.night()
    var bytes = try FilePaths.read(fixture.job.rows)
    bytes[bytes.count - 3] ^= 1
    try DurableFile.write(bytes, to: fixture.job.rows)
    #expect(try fixture.refusals().isEmpty)
    #expect(fixture.said.contains { $0.hasSuffix(": 60 rows, 0 copies of others") })
    #expect(try fixture.refusals().count == 1)
  }

  @Test("a night that goes on has new rows still")
  func interrupted() throws {
    let fixture = try fixture("min_new_rows: 1")
    #expect(throws: (any Error).self) { try fixture.night(stopAt: 4, after: 5) }
    #expect(try fixture.night().outcome == .promoted)
  }
}
