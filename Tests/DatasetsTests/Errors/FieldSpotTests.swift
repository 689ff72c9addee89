import Datasets
import TestSupport
import Testing

@Suite("The spot of an error in a CSV file")
struct FieldSpotTests {
  /// What is marked in a file of `text`, for a text that is no number.
  private func marked(_ text: String, line: Int, column: Int, _ value: String) throws -> String? {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.csv")
    let error = DatasetError.value(
      folder.path + "/a.csv", .line(line, DataColumn(index: column)),
      value.isEmpty
        ? .missing(text: "", .input) : .notNumeric(text: value, firstRow: false, .schedule))
    return FieldSpot.all(of: error).first.map { spot in
      var view = String.UnicodeScalarView()
      view.append(contentsOf: Array(spot.text.unicodeScalars)[spot.range])
      return "\(spot.range.lowerBound):" + String(view)
    }
  }

  @Test(
    "is the field of that line and column, whatever stands between fields",
    arguments: [
      ("1,2\n3,x\n", 2, 1, "x", "2:x"), ("1;2\r\n3; x \r\n", 2, 1, "x", "3:x"),
      ("\u{FEFF}x\t1\n", 1, 0, "x", "0:x"), ("1|\"a|b\"|x", 1, 2, "x", "8:x"),
      ("\"q \"\"r\"\"\",1", 1, 0, "q \"r\"", "0:\"q \"\"r\"\"\""), ("1,,3", 1, 1, "", "2:"),
      ("größe,漢字", 1, 1, "漢字", "6:漢字"),
    ])
  func fields(text: String, line: Int, column: Int, value: String, spot: String) throws {
    #expect(try marked(text, line: line, column: column, value) == spot)
  }

  @Test("is none where the field holds something else, as inside a field of several lines")
  func unknown() throws {
    #expect(try marked("1,2\n3,y\n", line: 2, column: 1, "x") == nil)
    #expect(try marked("1,2\n", line: 9, column: 1, "x") == nil)
  }

  @Test("several errors of one file have a spot each")
  func several() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/a.csv"
    try folder.write("a,b\n1,x\n2,3\ny,4\n", to: "a.csv")
    let errors = [(2, 1, "x"), (4, 0, "y")].map { line, column, text in
      DatasetError.value(
        path, .line(line, DataColumn(index: column)),
        .notNumeric(text: text, firstRow: false, .schedule))
    }
    let spots = FieldSpot.all(of: .named(at: "s", .several(path, errors, count: 2)))
    #expect(spots.map(\.line) == [2, 4] && spots.map(\.range) == [2..<3, 0..<1])
    #expect(spots[0].place == "line 2, column 1 (counted from 0)")
  }
}
