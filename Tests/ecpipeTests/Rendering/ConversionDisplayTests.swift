import Datasets
import Synchronization
import Testing
import ecpipe

@Suite("The display of a conversion")
struct ConversionDisplayTests {
  /// What is shown of a table that is written in `shares`, a second each, and then ends.
  private func shown(
    _ mode: DisplayMode, _ shares: [Double], end: TableConversion.State
  ) -> String {
    let text = Mutex("")
    let time = Mutex(0.0)
    let display = ConversionDisplay(
      mode, now: { time.withLock { $0 } }, write: { part in text.withLock { $0 += part } },
      note: { sentence in text.withLock { $0 += "note: \(sentence)\n" } })
    for state in shares.map({ TableConversion.State.underWay(share: $0) }) + [end] {
      display.show(
        TableConversion(table: "t.csv", file: "runs/.cache/t.npy", rows: 1200, state: state))
      time.withLock { $0 += 1 }
    }
    return text.withLock { $0 }
  }

  @Test("says what became of the table, and where that is")
  func outcome() {
    #expect(
      shown(.lines(), [0.5], end: .done(bytes: 4928)) == """
        note: t.csv: the table is converted to a file of numbers, runs/.cache/t.npy: 1,200 rows, 4,928 bytes

        """)
    #expect(shown(.lines(), [0.5], end: .failed) == "")
  }

  @Test("says how far it is every so often where nothing can change")
  func lines() {
    let shares = (1...7).map { Double($0) / 8 }
    #expect(
      shown(.lines(every: 3), shares, end: .failed) == """
        t.csv: converting it to numbers  50 %
        t.csv: converting it to numbers  88 %

        """)
  }

  @Test("is a line with a bar on a terminal, and leaves nothing of it")
  func live() {
    let text = shown(.live { 60 }, [0.1, 0.5], end: .done(bytes: 1))
    #expect(text.contains("t.csv: converting it to numbers") && text.contains("━─"))
    #expect(text.contains("\u{1b}[Knote: "))
  }
}
