import Testing
import ecpipe

@Suite("The width of text on a terminal")
struct DisplayWidthTests {
  @Test(
    "is what Python's wcwidth 0.2.13 counts",
    arguments: [
      ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("r²", 2), ("–", 1), ("━─", 2), ("漢字", 4),
      ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("ｆｕｌｌ", 8), ("ﾊﾝ", 2), ("㉈", 1), ("⌚", 2),
      ("❤", 1), ("🦊", 2), ("a\u{200B}b", 2), ("ก็", 1), ("𠀀", 2), ("、", 2), ("…", 1),
    ])
  func widths(text: String, width: Int) {
    #expect(text.displayWidth == width)
  }

  @Test("pictures that are joined take the place of one")
  func joined() {
    #expect("👩‍👩‍👧".displayWidth == 2)
    #expect("👍🏽".displayWidth == 2)
    #expect("🇫🇷".displayWidth == 2)
  }

  @Test("text is cut at either end, never in the middle of a character")
  func clipped() {
    #expect("alternate".clipped(to: 9) == "alternate")
    #expect("alternate".clipped(to: 5) == "alte…")
    #expect("alternate".clippedAtStart(to: 5) == "…nate")
    #expect("漢字漢字".clipped(to: 6) == "漢字…")
    #expect("漢字漢字".clippedAtStart(to: 4) == "…字")
    #expect("ab".clipped(to: 0) == "" && "ab".clippedAtStart(to: 1) == "…")
  }

  @Test("text is filled up to a width by its cells")
  func padded() {
    #expect("漢".padded(to: 4) + "|" == "漢  |")
    #expect("漢".indented(to: 4) == "  漢")
    #expect("long".padded(to: 2) == "long")
  }
}

@Suite("Text that is broken into lines")
struct WrappedTextTests {
  @Test("breaks between words and indents what follows")
  func words() {
    #expect(
      WrappedText.lines("one two three four", width: 9, indent: 2) == [
        "one two", "  three", "  four",
      ])
    #expect(WrappedText.lines("one", width: 9) == ["one"])
    #expect(WrappedText.lines("", width: 9).isEmpty)
  }

  @Test("keeps parts together that fit a line, and breaks others between their words")
  func parts() {
    #expect(
      WrappedText.joined(["a 1", "b 2", "long words here"], by: "  ", width: 10, indent: 1)
        == ["a 1  b 2", "long words", " here"])
  }

  @Test("keeps a number and its unit together, unless a line has no room for both")
  func units() {
    #expect(
      WrappedText.lines("accuracy is 97.04 %, 12 s in all", width: 18) == [
        "accuracy is", "97.04 %, 12 s in", "all",
      ])
    #expect(WrappedText.lines("100.00 %", width: 7) == ["100.00", "%"])
    #expect(WrappedText.lines("layer 3 is", width: 8) == ["layer 3", "is"])
  }

  @Test("breaks a word that is wider than a line behind its signs, else anywhere, at any width")
  func longWords() {
    #expect(WrappedText.lines("a/bb/cccc", width: 5) == ["a/bb/", "cccc"])
    #expect(WrappedText.lines("abcdefgh", width: 3) == ["abc", "def", "gh"])
    #expect(WrappedText.lines("漢字", width: 1) == ["漢", "字"])
  }
}
