import Testing
import ecpipe

@Suite("A line with what is wrong underlined")
struct SourceExcerptTests {
  private func shown(
    _ text: String, _ range: Range<Int>, line: Int = 7, width: Int = 80
  ) -> [String] {
    SourceExcerpt(line: line, text: text, range: range)
      .lines(width: width, Style(usesColour: false))
  }

  @Test("has its number, and carets below what is wrong")
  func plain() {
    #expect(
      shown("  epochs: many", 10..<14) == [
        "   7 |   epochs: many",
        "     |           ^~~~",
      ])
    #expect(shown("a", 0..<1, line: 12_345) == ["12345 | a", "      | ^"])
  }

  @Test("tabs and wide characters keep the carets in place")
  func cells() {
    #expect(shown("\ta: x", 4..<5) == ["   7 |     a: x", "     |        ^"])
    #expect(shown("漢字: 値だ", 4..<6) == ["   7 | 漢字: 値だ", "     |       ^~~~"])
    #expect(shown("e\u{301}: x", 4..<5) == ["   7 | e\u{301}: x", "     |    ^"])
    #expect(shown("a\u{1b}[31m: x", 8..<9)[0] == "   7 | a·[31m: x")
  }

  @Test("an end of line, and an empty field, have one caret")
  func empty() {
    #expect(shown("a:", 2..<2) == ["   7 | a:", "     |   ^"])
    #expect(shown("a,,b", 2..<2) == ["   7 | a,,b", "     |   ^"])
    #expect(shown("ab", 5..<9) == ["   7 | ab", "     |   ^"])
  }

  @Test("a long line is cut around the spot", arguments: [40, 60, 80, 120], [0, 50, 150, 295])
  func long(width: Int, start: Int) {
    let text = String(repeating: "0123456789", count: 30)
    let lines = shown(text, start..<(start + 5), width: width)
    #expect(lines.allSatisfy { $0.displayWidth <= width })
    let column = lines[1].prefix { $0 != "^" }.count
    let marked = lines[0].dropFirst(column).prefix(lines[1].count - column)
    #expect(marked == text.dropFirst(start).prefix(5))
    #expect(start == 0 || lines[0].contains("…"))
  }

  @Test("what is wrong is cut where it is longer than a line")
  func longSpot() {
    let text = String(repeating: "漢", count: 200)
    let lines = shown(text, 10..<190, width: 40)
    #expect(lines.allSatisfy { $0.displayWidth <= 40 })
    #expect(lines[1].hasSuffix("~"))
  }

  @Test("colours are those of the style")
  func colours() {
    let lines = SourceExcerpt(line: 1, text: "a", range: 0..<1)
      .lines(width: 40, Style(usesColour: true))
    #expect(lines[1] == "\u{1b}[2m     | \u{1b}[0m\u{1b}[31m^\u{1b}[0m")
  }
}
