import Testing

import Datasets

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
    #expect(!DatasetError.notUTF8("d.csv", line: 1).isMissingFile)
  }

  @Test("a text that is not UTF-8 is named with its row")
  func encoding() {
    #expect(
      DatasetError.notUTF8("d.csv", line: 3).description
        == "d.csv, line 3: the text is not UTF-8; save the file as UTF-8")
  }

  @Test("text of a file is shown on one line, and 40 characters of it")
  func excerpts() {
    let text = "a\n\u{1b}[31m" + String(repeating: "ü", count: 60)
    let error = DatasetError.value(
      "d.csv", .line(2, DataColumn(index: 1, name: "x\ty")),
      .notNumeric(text: text, firstRow: false, .schedule))
    #expect(
      error.description
        == "d.csv, line 2, column \"x\\ty\": \"a\\n\\u{1B}[31m" + String(repeating: "ü", count: 33)
        + "…\" is not a number; correct it or remove the row")
  }

  @Test("long shapes are cut")
  func shapes() {
    let shape = Array(repeating: 1, count: 9)
    #expect(
      DatasetError.unsuitableShape("a.npy", shape, role: .targets).description
        == "a.npy: an array of shape 1 x 1 x 1 x 1 x 1 x 1 x 1 x 1 … cannot be targets; "
        + "save it as [rows] or [rows, targets]")
  }
}
