import Storage
import Testing

@Suite("What nobody sees in texts") struct VisibleTextTests {
  @Test("is written out, and so are spaces that are none")
  func shown() {
    #expect("a b\u{E9}".showingInvisible == "a b\u{E9}")
    #expect("a\u{202E}b\u{A0}c\u{200B}".showingInvisible == "a\\u{202E}b\\u{00A0}c\\u{200B}")
    #expect("e\u{301}".showingScalars == "e\\u{0301}")
  }

  @Test(
    "makes no difference to a reader",
    arguments: ["age", " Age", "age\u{A0}", "\u{FEFF}age", "a\u{200B}ge"])
  func read(text: String) { #expect(text.asRead == "age") }

  @Test("things are counted in the singular and the plural")
  func counts() {
    #expect(counted(1, "row") == "1 row" && counted(0, "row") == "0 rows")
    #expect(counted(2, "class", "classes") == "2 classes")
  }
}
