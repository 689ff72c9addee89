import Datasets
import Testing

@Suite("All that is wrong with a CSV")
struct CSVProblemsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func complaint(
    _ text: String, task: LearningTask = .regression, _ format: CSVFormat = CSVFormat()
  ) throws -> String? {
    let path = try folder.write("d.csv", text)
    return datasetError { () throws(DatasetError) in
      try CSVReader.dataset(path, format: format, labels: [.last], task: task)
    }?.description.replacing("\(folder.path)/", with: "")
  }

  @Test("of missing values is one problem a column, with the first lines")
  func missing() throws {
    let rows = (0..<200).map { $0 < 75 ? "\($0),,1" : "\($0),2,\($0 < 77 ? "" : "1")" }
    #expect(
      try complaint("a,b,y\n" + rows.joined(separator: "\n")) == """
        d.csv: there are 77 problems (lines are counted as an editor counts them)
          column "b": 75 values are missing (lines 2, 3, 4, 5, 6, 7, 8, 9 and 67 more)
          line 77, column "y": the value is missing
          line 78, column "y": the value is missing
          for a missing value: fill it in, remove the row, or write missing: drop, mean or median
          for a missing target: fill it in, remove the row, or write missing: drop
        """)
  }

  @Test("is said at once: the first 20 by their lines, then how many more")
  func many() throws {
    let rows = (0..<200).map { $0 < 75 ? "\($0),inf,1" : "\($0),2,1" }
    let text = try #require(try complaint("a,b,y\n" + rows.joined(separator: "\n")))
    let lines = text.split(separator: "\n")
    #expect(lines.count == 23)
    #expect(lines[0] == "d.csv: there are 75 problems (lines are counted as an editor counts them)")
    #expect(lines[1] == "  line 2, column \"b\": \"inf\" is not a finite number")
    #expect(lines[20] == "  line 21, column \"b\": \"inf\" is not a finite number")
    #expect(lines[21] == "  and 55 more")
    #expect(
      lines[22]
        == "  for what is not finite: correct it or remove the row"
    )
  }

  @Test("is of different kinds: each is said once what to do about")
  func kinds() throws {
    #expect(
      try complaint("a,b,y\n1,2,3\nx,2,inf\n1,2,3\n1,2\n1,,3\n1,2,3\n") == """
        d.csv: there are 4 problems (lines are counted as an editor counts them)
          line 5: there are 2 fields where the first row has 3; correct the row, or check the delimiter
          line 3, column "a": "x" is not a number
          line 3, column "y": "inf" is not a finite number
          line 6, column "b": the value is missing
          for what is not a number: correct it or remove the row
          for what is not finite: correct it or remove the row
          for a missing value: fill it in, remove the row, or write missing: drop, mean or median
        """)
  }

  @Test("is counted by the lines of an editor, whatever stands in quotes and between rows")
  func lines() throws {
    let text = "\"a\nb\",y\n\n1,2\n  \n\"1\",\"2\r\n\r\n\"\n3,x\n4,4\n"
    #expect(
      try complaint(text)
        == """
        d.csv: there are 2 problems (lines are counted as an editor counts them)
          line 6, column "y": "2\\r\\n\\r\\n" is not a number
          line 9, column "y": "x" is not a number
          for what is not a number: correct it or remove the row
        """
    )
    #expect(
      try complaint("a,y\r\r1,2\r3,x\r")
        == "d.csv, line 4, column \"y\": \"x\" is not a number; correct it or remove the row")
  }

  @Test("blank lines are no rows, wherever they stand", arguments: ["\n", "\r\n", "\r"])
  func blank(lineEnd: String) throws {
    let lines = ["", " ", "a,y", "", "1,2", " \t ", "3,4", "", "  "]
    let path = try folder.write("d.csv", lines.joined(separator: lineEnd))
    let data = try CSVReader.dataset(path, labels: [.last], task: .regression)
    #expect(data.inputs.elements == [1, 3] && data.featureNames == ["a"])
    // A tab that divides is no blank.
    let tabs = try folder.write("t.csv", "a\ty\n1\t2\n\t\n3\t4\n")
    #expect(
      try CSVReader.dataset(
        tabs, labels: [.last], columns: ColumnSettings(missing: .drop), task: .regression
      ).inputs.elements == [1, 3])
  }

  @Test("with nearly all rows of another width is one problem: the delimiter, or R's row names")
  func ragged() throws {
    #expect(
      try complaint("a,b,y\n1;2;3\n4;5;6\n", CSVFormat(delimiter: .comma))
        == "d.csv: 2 of 2 rows do not have the 3 fields of the first line; the delimiter is ,, write "
        + "delimiter: comma, semicolon, tab or bar if it is another one")
    #expect(
      try complaint("a,y\n1,2,3\n2,5,6\n")
        == "d.csv: every row has 3 fields, and the first line has 2 names; name the first column as well "
        + "(R leaves out the name of its row names), or remove what stands behind the last one")
  }

  private func complaint(_ text: String, _ format: CSVFormat) throws -> String? {
    try complaint(text, task: .regression, format)
  }

  @Test("in numbers with the other decimal sign is one problem with what to write")
  func decimalSign() throws {
    #expect(
      try complaint("a;y\n1.5;2\n2.5;3\n", CSVFormat(decimal: .comma))
        == "d.csv: column \"a\" has numbers with a decimal point (\"1.5\" in line 2); write decimal: point"
    )
    #expect(
      try complaint("a;c;n;y\n1,5;x;;2,5\n2,5;y;1,5;3,5\n", CSVFormat()) == """
        d.csv: there are 3 problems (lines are counted as an editor counts them)
          column "a" has numbers with a decimal comma ("1,5" in line 2); write decimal: comma
          column "c" holds text ("x" in line 2 and 1 other); write ignore: [c] to leave it out, or \
        categorical: one_hot to take its texts as levels
          line 2, column "n": the value is missing
          for a missing value: fill it in, remove the row, or write missing: drop, mean or median
        """)
    let path = try folder.write("d.csv", "a;y\n1,5;-2,25e-1\n+,5;7\n")
    let data = try CSVReader.dataset(
      path, format: CSVFormat(decimal: .comma), labels: [.last], task: .regression)
    #expect(data.inputs.elements == [1.5, 0.5])
    guard case .values(let values) = data.targets else { return }
    #expect(values.elements == [-0.225, 7])
    #expect(data.interface?.table?.decimalSign == ",")
  }

  @Test("in labels is said at once, too")
  func labels() throws {
    let path = try folder.write("d.csv", "a,y\n1,p\n2,q\n3,r\n")
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(
          path, labels: [.last], task: .classification,
          context: ReadingContext(known: KnownClasses(names: ["p", "x"]), words: .schedule))
      }?.description.replacing("\(folder.path)/", with: "") == """
        d.csv: there are 2 problems (lines are counted as an editor counts them)
          line 3, column "y": the label "q" does not occur in the training part; correct it or train on such samples \
        as well
          line 4, column "y": the label "r" does not occur in the training part; correct it or train on such samples \
        as well
        """)
  }
}
