import Testing
import ecpipe

@Suite("Text tables")
struct TextTableTests {
  @Test("columns are as wide as their widest cell, numbers lean right, no line ends in a space")
  func layout() {
    var table = TextTable([("stage", .left), ("weights", .right), ("part", .left)])
    table.add(["train", "50,200", "validation"])
    table.add(["alternate/01/prune", "9", ""])
    #expect(
      table.lines == [
        "stage               weights  part",
        "train                50,200  validation",
        "alternate/01/prune        9",
      ])
  }

  @Test("a table without rows is its header")
  func empty() {
    #expect(TextTable([("a", .left), ("b", .right)]).lines == ["a  b"])
  }

  @Test("letters beyond ASCII count as one cell each")
  func beyondASCII() {
    var table = TextTable([("r²", .right), ("é", .left)])
    table.add(["–", "x"])
    #expect(table.lines == ["r²  é", " –  x"])
  }
}
