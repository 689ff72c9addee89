import Datasets
import Testing

/// The wording of errors that no other test of this folder shows whole.
@Suite("DatasetError")
struct DatasetErrorTests {
  @Test(
    "a file is named with what to do",
    arguments: [
      (
        DatasetError.FileProblem.notRegular,
        "d.csv: this is not a regular file; name the data file itself"
      ),
      (
        .unreadable(reason: "Permission denied"),
        "d.csv: the file cannot be read (Permission denied); check its permissions and the disk"
      ),
      (
        .changedWhileReading,
        "d.csv: the file changed while it was read; run again when it is complete"
      ),
      (
        .tooLarge(bytes: 12, limit: 10),
        "d.csv: the file has 12 bytes, and 10 are allowed; use a smaller file"
      ),
    ])
  func files(problem: DatasetError.FileProblem, text: String) {
    #expect(DatasetError.file("d.csv", problem).description == text)
  }

  @Test("only a file that is not there is missing")
  func missing() {
    #expect(DatasetError.file("d.csv", .missing).isMissingFile)
    #expect(!DatasetError.file("d.csv", .notRegular).isMissingFile)
    #expect(!DatasetError.csv("d.csv", .notUTF8(row: 1)).isMissingFile)
  }

  @Test("a text that is not UTF-8 is named with its row")
  func encoding() {
    #expect(
      DatasetError.csv("d.csv", .notUTF8(row: 3)).description
        == "d.csv, row 3: the text is not UTF-8; save the file in that encoding")
  }

  @Test("text of a file is shown on one line, and 40 characters of it")
  func excerpts() {
    let text = "a\n\u{1b}[31m" + String(repeating: "ü", count: 60)
    let error = DatasetError.value(
      "d.csv", row: 2, column: DataColumn(index: 1, name: "x\ty"),
      .notNumeric(text: text, firstRow: false))
    #expect(
      error.description
        == "d.csv, row 2, column \"x\\ty\": \"a\\n\\u{1B}[31m" + String(repeating: "ü", count: 33)
        + "…\" is not a number; correct it or remove the row")
  }

  @Test("long lists and shapes are cut")
  func lists() {
    let names = (0..<20).map { "e\($0)" }
    #expect(
      DatasetError.array("a.npz", .entryNotFound(name: "x", entries: names)).description
        == "a.npz: there is no entry \"x\"; choose \"e0\", \"e1\", \"e2\", \"e3\", \"e4\", "
        + "\"e5\", \"e6\", \"e7\", … as FILE.npz:ENTRY")
    #expect(
      DatasetError.array("a.npz", .entryNotFound(name: nil, entries: [])).description
        == "a.npz: the archive is empty; check the path")
    let shape = Array(repeating: 1, count: 9)
    #expect(
      DatasetError.array("a.npy", .unsuitableShape(shape, role: .targets)).description
        == "a.npy: an array of shape 1 x 1 x 1 x 1 x 1 x 1 x 1 x 1 … cannot be targets; "
        + "save it as [rows] or [rows, targets]")
  }
}
