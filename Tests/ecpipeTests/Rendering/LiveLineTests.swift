import Testing
import ecpipe

@Suite("A line that is drawn anew")
struct LiveLineTests {
  @Test("is drawn in its own place, and the cursor goes back to its beginning")
  func drawing() {
    var line = LiveLine()
    #expect(!line.isThere)
    #expect(
      line.drawing("abc", cells: 3, columns: 40) == "\r\u{1b}[K\u{1b}[?7labc\u{1b}[?7h\r")
    #expect(line.isThere)
    #expect(line.erasing(columns: 40) == "\r\u{1b}[K")
    #expect(!line.isThere && line.erasing(columns: 40) == "")
  }

  @Test("the lines that it has become in a narrower terminal are cleared with it")
  func narrower() {
    var line = LiveLine()
    _ = line.drawing("", cells: 100, columns: 100)
    _ = line.drawing("", cells: 81, columns: 100)
    let rest = "\u{1b}[B\u{1b}[2K"
    #expect(
      line.drawing("x", cells: 40, columns: 40)
        == "\r\u{1b}[K\u{1b}7" + rest + rest + "\u{1b}8\u{1b}[?7lx\u{1b}[?7h\r")
    // Once only.
    #expect(line.drawing("x", cells: 40, columns: 40).hasPrefix("\r\u{1b}[K\u{1b}[?7l"))
    #expect(line.erasing(columns: 30) == "\r\u{1b}[K\u{1b}7" + rest + "\u{1b}8")
  }

  @Test("a line that just fits has become no more than one")
  func fits() {
    var line = LiveLine()
    _ = line.drawing("", cells: 80, columns: 100)
    #expect(line.erasing(columns: 80) == "\r\u{1b}[K")
  }
}
