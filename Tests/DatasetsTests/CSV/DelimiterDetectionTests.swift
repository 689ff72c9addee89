import Datasets
import NeuralNetworks
import Testing

@Suite("The delimiter of a CSV")
struct DelimiterDetectionTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func data(
    _ text: String, _ format: CSVFormat = CSVFormat(), interface: ModelInterface? = nil
  ) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), format: format, labels: [], task: .regression,
      context: ReadingContext(interface: interface))
  }

  @Test(
    "is found out from the first lines",
    arguments: [
      ("a,b,c\n1,2,3\n4,5,6\n", CSVFormat.Delimiter.comma), ("a;b\n1;2\n", .semicolon),
      ("a\tb\n1\t2\n", .tab), ("a|b\n1|2\n", .bar),
      // A comma in quotes, or in some lines only, divides nothing.
      ("\"a, of b\";c\n1;2\n3;4\n", .semicolon), ("a;b\n1,5;2\n3;4\n", .semicolon),
      // Numbers with decimal commas: a comma would leave fewer numbers.
      ("1,5;2,5\n3,5;4,5\n", .semicolon), ("1,5\t2,5\n3,5\t4,5\n", .tab),
      // Text with the same mark in every row.
      ("1,a;b,2\n3,c;d,4\n", .comma),
      // Lines that end with a delimiter.
      ("a;b\n1;2;\n3;4;\n", .semicolon),
    ])
  func found(text: String, delimiter: CSVFormat.Delimiter) throws {
    let path = try folder.write("d.csv", text)
    let data = try CSVReader.dataset(
      path, format: CSVFormat(decimal: text.contains("1,5") ? .comma : nil), labels: [.last],
      columns: ColumnSettings(oneHot: .error), task: .regression)
    #expect(data.interface?.table?.delimiter == delimiter.rawValue)
  }

  @Test("is a comma where nothing divides the lines, and the stated one in any case")
  func fallback() throws {
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(
          "\(folder.path)/none.csv", format: CSVFormat(), labels: [], task: .regression)
      } != nil)
    let path = try folder.write("one.csv", "a\n1\n")
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(path, labels: [.last], task: .regression)
      }?.description
        == "\(path): there is one column, \"a\", and no input beside it: no comma, semicolon, tab or bar "
        + "divides the lines; write one of these between the columns")
    let stated = try data("a;b|c\n1|2\n", CSVFormat(delimiter: .bar))
    #expect(stated.featureNames == ["a;b"])
  }

  @Test(
    "is no comma between the whole and the fraction of a number, where the decimal sign is a comma")
  func decimalComma() throws {
    let path = try folder.write("t.csv", "0,5;1\n-0,5;2\n1,5;3\n")
    let model = try #require(
      try CSVReader.dataset(
        path, format: CSVFormat(decimal: .comma), labels: [.last], task: .regression
      ).interface)
    let one = try folder.write("one.csv", "0,4\n-0,4\n")
    #expect(try InputFile.read(one, interface: model).inputs.elements == [0.4, -0.4])
    // In quotes, and with fractions on both sides, commas can divide.
    let quoted = try folder.write("q.csv", "\"0,4\",7\n\"-0,4\",8\n")
    #expect(try InputFile.read(quoted, interface: model).inputs.elements == [0.4, -0.4])
    #expect(
      datasetError { () throws(DatasetError) in
        try InputFile.read(try! folder.write("two.csv", "0,4,1\n-0,4,2\n"), interface: model)
      } != nil)
  }

  @Test("that could as well be a decimal comma in the only input of a model is asked for")
  func ambiguous() throws {
    let path = try folder.write("t.csv", "0.5,1\n-0.5,2\n1.5,3\n")
    let model = try #require(
      try CSVReader.dataset(path, labels: [.last], task: .regression).interface)
    let one = try folder.write("one.csv", "0,4\n-0,4\n")
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(one, interface: model) }?
        .description
        == "\(one), line 1: this can be two columns with a comma between them, or one number with a decimal "
        + "comma, and the model has one input; say which with --delimiter comma or --decimal comma")
    func read(_ format: CSVFormat) throws -> [Double] {
      try InputFile.read(one, format: format, interface: model).inputs.elements
    }
    #expect(try read(CSVFormat(delimiter: .comma)) == [0, 0])
    #expect(try read(CSVFormat(decimal: .comma)) == [0.4, -0.4])
    #expect(try InputFile.read(path, interface: model).inputs.elements == [0.5, -0.5, 1.5])
  }

  @Test("of a model is kept where several fit")
  func preferred() throws {
    let text = "1;a|2\n3;b|4\n"
    let plain = try CSVReader.dataset(
      try folder.write("d.csv", text), labels: [.index(0)],
      columns: ColumnSettings(oneHot: .error), task: .regression)
    #expect(plain.interface?.table?.delimiter == ";")
    var interface = try #require(plain.interface)
    interface.table = ModelInterface.Table(
      delimiter: "|", decimalSign: ".", header: false, ignored: [])
    interface.inputs = [
      ModelInterface.Input(
        name: nil, position: 0, kind: .category(levels: ["1;a", "3;b"], unknownIsZero: false))
    ]
    interface.targets = [ModelInterface.Column(name: nil, position: 1)]
    let other = try data(text, interface: interface)
    #expect(other.interface?.table?.delimiter == "|")
    #expect(other.targets.rows == 2 && other.inputs.columns == 2)
  }

  @Test("that was found is named where a column is not there, with the columns that are")
  func named() throws {
    let path = try folder.write("d.csv", "a;b\n1;2\n")
    func complaint(_ format: CSVFormat, _ label: String) -> String? {
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(path, format: format, labels: [.name(label)], task: .regression)
      }?.description.replacing("\(folder.path)/", with: "")
    }
    #expect(
      complaint(CSVFormat(), "species")
        == "d.csv: there is no column \"species\"; the columns are \"a\", \"b\", the delimiter found is ;"
    )
    #expect(
      complaint(CSVFormat(delimiter: .comma), "b")
        == "d.csv: there is no column \"b\"; the columns are \"a;b\", the delimiter is ,")
  }

  @Test("at the ends of all lines leaves no column behind it, which is said")
  func trailing() throws {
    for text in ["a,b,y,\n1,2,3,\n4,5,6,\n", "a,b,y\n1,2,3,\n4,5,6,\n", "1,2,3,\n4,5,6,\n"] {
      let data = try data(text)
      #expect(data.inputs.elements == [1, 2, 4, 5])
      #expect(data.targets.width == 1 && data.rows == 2)
      #expect(data.notes.count == 1)
      #expect(
        data.notes[0].hasSuffix(
          "d.csv: the lines end with ,; the empty column behind it is left out"))
    }
  }

  @Test("is what a first line of Excel says")
  func separatorLine() throws {
    for end in ["\n", "\r\n"] {
      let data = try data(["sep=;", "a;y", "1;2", "3;4"].joined(separator: end) + end)
      #expect(data.inputs.elements == [1, 3] && data.featureNames == ["a"])
    }
    let path = try folder.write("e.csv", "sep=|\na|y\n1|x\n2|3\n")
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(path, labels: [.last], task: .regression)
    }
    #expect(error?.description.contains("e.csv, line 3, column \"y\"") == true)
  }

  @Test("that is stated and wrong: the one that fits is named")
  func wrong() throws {
    let path = try folder.write("d.csv", "a;y\n1,5;2\n3,5;4\n4,5;5\n")
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(
        path, format: CSVFormat(delimiter: .comma), labels: [.last], task: .regression)
    }
    #expect(
      error?.description
        == "\(path): 3 of 3 rows do not have the 1 field of the first line; the delimiter is ,, and ; "
        + "fits: write delimiter: semicolon")
  }
}
