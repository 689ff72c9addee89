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

  @Test("wide characters count as two cells")
  func wide() {
    var table = TextTable([("名前", .left), ("n", .right)])
    table.add(["a", "1"])
    table.add(["数字", "22"])
    #expect(table.lines == ["名前   n", "a      1", "数字  22"])
  }

  /// A table of a run's kind.
  private var stages: TextTable {
    var table = TextTable([
      ("stage", .left), ("weights", .right), ("loss (cross_entropy)", .right), ("why", .left),
    ])
    table.add(["alternate/01/prune", "1,050,200", "0.1234", "the limits admit nothing smaller"])
    table.add(["train", "9", "", ""])
    return table
  }

  @Test("a table that fits is the same with a width and without")
  func fits() {
    let width = stages.lines.map(\.displayWidth).max() ?? 0
    #expect(stages.lines(width: width) == stages.lines)
    #expect(stages.lines(width: width - 1) != stages.lines)
  }

  @Test("what does not fit follows below its row, behind the title of its column")
  func folded() {
    #expect(
      stages.lines(width: 40) == [
        "stage                 weights",
        "alternate/01/prune  1,050,200",
        "  loss (cross_entropy) 0.1234",
        "  why the limits admit nothing smaller",
        "train                       9",
      ])
  }

  @Test("no line is wider than the width, and no word is torn", arguments: 20...90)
  func widths(width: Int) {
    let lines = stages.lines(width: width)
    #expect(lines.allSatisfy { $0.displayWidth <= width })
    let words = Set(lines.flatMap { $0.split(separator: " ") })
    for word in ["alternate/01/prune", "1,050,200", "0.1234", "(cross_entropy)", "smaller"] {
      #expect(words.contains(Substring(word)), "\(word)")
    }
  }

  @Test("a name that is wider than a line is broken behind its parts")
  func longName() {
    var table = TextTable([("stage", .left), ("n", .right)])
    table.add(["alternate/01/finetune-for-long", "5"])
    #expect(
      table.lines(width: 16) == ["stage", "alternate/01/", "  finetune-for-", "  long", "  n 5"])
  }
}
