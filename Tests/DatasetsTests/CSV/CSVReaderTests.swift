import NumericCore
import Testing

import Datasets

private let columns = "\"height\", \"twice\", \"twice\", \"x\", the delimiter found is ,"
private let fillIn = "fill it in, remove the row, or write missing: drop"
private let ragged = "where the first row has 2; correct the row, or check the delimiter"

@Suite("CSVReader")
struct CSVReaderTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(
    _ text: String, _ labels: [ColumnSelector] = [.last], _ task: LearningTask = .regression,
    _ format: CSVFormat = CSVFormat()
  ) throws -> Dataset {
    let path = try folder.write("d.csv", text)
    return try CSVReader.dataset(path, format: format, labels: labels, task: task)
  }

  /// What is said about a text, without the path.
  private func complaint(
    _ text: String, _ labels: [ColumnSelector] = [.last], _ task: LearningTask = .regression,
    header: Bool? = nil
  ) throws -> String? {
    let path = try folder.write("d.csv", text)
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(path, format: CSVFormat(header: header), labels: labels, task: task)
    }
    return error?.description.replacing("\(folder.path)/", with: "")
  }

  @Test(
    "quoting, line ends and numbers as the golden file has them",
    arguments: ["table.csv", "table.csv.gz", "table.csv.zst"])
  func golden(name: String) throws {
    let data = try CSVReader.dataset(
      DatasetGolden.path(name), labels: [.name("kind")], task: .classification)
    #expect(data.featureNames == ["height", "width", "colour, outside"])
    // Float32 does not hold 16777217.
    #expect(
      data.inputs
        == DataMatrix(
          rows: 4, columns: 3, [1.5, -2, 300, 0.1, 20, 0.5, 4.25, 7, 0.001, 16_777_217, 0, 0]))
    #expect(
      data.targets
        == .classes([1, 0, 1, 2], names: ["elm \"red\"", "oak", "two\r\nlines"]))
    #expect(data.source == DatasetGolden.path(name))
  }

  @Test(
    "rows end with LF, CRLF or CR, with or without one at the end, behind a mark or not",
    arguments: ["\n", "\r\n", "\r"], ["", "\u{FEFF}"])
  func lineEnds(lineEnd: String, mark: String) throws {
    for end in ["", lineEnd, lineEnd + lineEnd + "\n"] {
      let data = try read(mark + ["1,2,3", "4,5,6"].joined(separator: lineEnd) + end)
      #expect(data.inputs.elements == [1, 2, 4, 5])
      #expect(data.targets == .values(DataMatrix(rows: 2, columns: 1, [3, 6])))
      #expect(data.featureNames == nil)
    }
  }

  @Test("blanks around numbers and unquoted labels do not count, other delimiters do")
  func blanksAndDelimiters() throws {
    let data = try read(
      " 1 ;2; a \n3;\t4\t;b\n", [.last], .classification, .init(delimiter: .semicolon))
    #expect(data.inputs.elements == [1, 2, 3, 4])
    #expect(data.targets == .classes([0, 1], names: ["a", "b"]))
    #expect(
      try read("1\t2\n3\t4", [.last], .regression, .init(delimiter: .tab)).inputs.elements == [
        1, 3,
      ])
    #expect(
      try read("1|2\n3|4", [.last], .regression, .init(delimiter: .bar)).inputs.elements == [1, 3])
  }

  @Test("the first row is a header if it has no number, or if a column is named, or as told")
  func header() throws {
    #expect(try read("a,b\n1,2\n").featureNames == ["a"])
    #expect(try read("a,\n1,2\n").featureNames == ["a"])
    #expect(try read("1,b\n2,3\n", [.name("b")]).featureNames == ["1"])
    #expect(try read("1,2\n3,4\n", [.last], .regression, .init(header: true)).featureNames == ["1"])
    #expect(try read("1,a\n2,b\n", [.last], .classification).featureNames == nil)
    #expect(try read("x,a\n1,b\n1,c", [.last], .classification).rows == 2)
    #expect(
      try complaint("x,2\n3,4\n")
        == "d.csv, line 1, column 0 (counted from 0): \"x\" is not a number; "
        + "correct it, or write header: true if the line holds names")
    #expect(
      try complaint("1,2\n3,4\n", [.name("b")], header: false)
        == "d.csv: the column \"b\" is selected by name in a file without a header; "
        + "select it by its index, counted from 0")
    #expect(
      try complaint("0,label\n1,3\n2,4\n", [.last], .classification)
        == "d.csv, line 1, column 1 (counted from 0): the label \"label\" is text where others are numbers; correct it, "
        + "or write header: true if the line holds names")
  }

  @Test("labels are selected by name, index or place, several in the order given")
  func selection() throws {
    let text = "a,b,c\n1,2,3\n4,5,6\n"
    for selector in [ColumnSelector.name("b"), .index(1), ColumnSelector("b"), ColumnSelector("1")]
    {
      let data = try read(text, [selector])
      #expect(data.inputs.elements == [1, 3, 4, 6])
      #expect(data.targets == .values(DataMatrix(rows: 2, columns: 1, [2, 5])))
      #expect(data.featureNames == ["a", "c"])
    }
    let several = try read(text, [ColumnSelector("last"), .name("a")])
    #expect(several.inputs.elements == [2, 5])
    #expect(several.targets == .values(DataMatrix(rows: 2, columns: 2, [3, 1, 6, 4])))
  }

  @Test(
    "columns that cannot be selected are named",
    arguments: [
      (
        ["hieght"],
        "d.csv: there is no column \"hieght\"; did you mean \"height\"? The columns are " + columns
      ),
      (["zzz"], "d.csv: there is no column \"zzz\"; the columns are " + columns),
      (
        ["twice"],
        "d.csv: several columns are named \"twice\"; select one by its index, counted from 0"
      ),
      (["4"], "d.csv: there is no column 4; choose an index from 0 to 3, or last"),
      (["0", "height"], "d.csv: column \"height\" is selected twice; name each column once"),
      (
        ["0", "1", "2", "3"],
        "d.csv: there is no input column; a row needs at least one beside the labels"
      ),
    ])
  func wrongSelection(labels: [String], message: String) throws {
    let text = "height,twice,twice,x\n1,2,3,4\n"
    #expect(try complaint(text, labels.map { ColumnSelector($0) }) == message)
  }

  @Test(
    "what is wrong with a value is said with its row and column",
    arguments: [
      (
        "a,b\n1,2\nx1,3",
        "line 3, column \"a\": \"x1\" is not a number; correct it or remove the row"
      ),
      (
        "1,2\n3,0x10",
        "line 2, column 1 (counted from 0): \"0x10\" is not a number; correct it or remove the row"
      ),
      (
        "1,2\n3,4 5",
        "line 2, column 1 (counted from 0): \"4 5\" is not a number; correct it or remove the row"
      ),
      ("a,b\n1,2\n,3", "line 3, column \"a\": the value is missing; \(fillIn), mean or median"),
      (
        "a,b\n1,2\nNA,3",
        "line 3, column \"a\": the value is missing (\"NA\"); \(fillIn), mean or median"
      ),
      ("a,b\n1,\"\"", "line 2, column \"b\": the value is missing; \(fillIn)"),
      (
        "a,b\n1,NaN",
        "line 2, column \"b\": the value is missing (\"NaN\"); \(fillIn)"
      ),
      (
        "a,b\n-inf,1",
        "line 2, column \"a\": \"-inf\" is not a finite number; correct it or remove the row"
      ),
      (
        "a,b\n1,4e308",
        "line 2, column \"b\": \"4e308\" is not a finite number; correct it or remove the row"
      ),
    ])
  func wrongValue(text: String, message: String) throws {
    #expect(try complaint(text) == "d.csv, \(message)")
  }

  @Test(
    "what is wrong with the text is said with its row",
    arguments: [
      (
        "1,2\n3\n4,5",
        ", line 2: there is 1 field " + ragged
      ),
      (
        "1,2\n3,4,5",
        ", line 2: there are 3 fields " + ragged
      ),
      ("1,2\n\"3,4\n5,6", ", line 2: a quoted field has no closing quote; add it"),
      (
        "1,2\n\"3\"4,5",
        ", line 2: text follows the closing quote of a field; "
          + "write a quote inside a quoted field twice"
      ),
      ("", ": there are no rows of data; check that it is the right file"),
      ("\n\r\n", ": there are no rows of data; check that it is the right file"),
      ("a,b\n", ": there are no rows of data; check that it is the right file"),
      (
        "1\n2\n",
        ": there is one column and no input beside it: no comma, semicolon, tab or bar divides the lines; "
          + "write one of these between the columns"
      ),
    ])
  func wrongText(text: String, message: String) throws {
    #expect(try complaint(text) == "d.csv\(message)")
  }

  @Test("text that is not UTF-8 is named, in a header, a label and by the mark of UTF-16")
  func encoding() throws {
    for (bytes, row) in [
      (Array("a\u{FFFD},b\n1,2".utf8).map { $0 > 127 ? 0xff : $0 }, 1),
      (Array("1,a\n2,b\u{FFFD}".utf8).map { $0 > 127 ? 0xff : $0 }, 2),
      ([0xff, 0xfe, 0x31, 0], 1),
    ] {
      let path = try folder.write("d.csv", bytes)
      let error = datasetError { () throws(DatasetError) in
        try CSVReader.dataset(path, labels: [.last], task: .classification)
      }
      #expect(error == .notUTF8(path, line: row))
    }
  }

  @Test("a wide first row over many short ones allocates nothing by their product")
  func hostileShape() throws {
    let text = String(repeating: ",", count: 100_000) + String(repeating: "\n1", count: 100_000)
    #expect(
      try complaint(text, header: true)
        == "d.csv: 100000 of 100000 rows do not have the 100001 fields of the first line; the delimiter "
        + "found is ,, write delimiter: comma, semicolon, tab or bar if it is another one")
  }

  @Test("the digits set has 1,797 rows of 64 features in 10 classes")
  func digits() throws {
    let data = try CSVReader.dataset(
      "\(DatasetGolden.root)/pipelines/data/digits.csv.gz", labels: [.last], task: .classification)
    #expect(data.rows == 1797 && data.inputs.columns == 64)
    guard case .classes(let labels, let names) = data.targets else {
      Issue.record("no classes")
      return
    }
    #expect(names == (0..<10).map { "\($0)" })
    // Counts and sum by scikit-learn 1.9.1: bincount(target), data.sum().
    #expect(
      (0..<10).map { c in labels.count { $0 == c } } == [
        178, 182, 177, 183, 181, 182, 181, 179, 174, 180,
      ])
    #expect(data.inputs.elements.reduce(0, +) == 561_718)
  }
}
