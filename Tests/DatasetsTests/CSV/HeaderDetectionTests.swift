import Datasets
import Testing

@Suite("The header of a CSV")
struct HeaderDetectionTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func data(_ text: String, _ format: CSVFormat = CSVFormat()) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), format: format, labels: [.last], task: .regression)
  }

  /// What is said about the file, without its path.
  private func notes(_ data: Dataset) -> [String] {
    data.notes.map { $0.replacing("\(folder.path)/d.csv: ", with: "") }
  }

  @Test("that counts 0, 1, 2 is one where the rows do not go on, and that is said")
  func counting() throws {
    let header = try data("0,1,2\n7,8,9\n4,5,6\n")
    #expect(header.rows == 2 && header.featureNames == ["0", "1"])
    #expect(notes(header).count == 1 && notes(header)[0].contains("write header: false"))
    // np.arange(9).reshape(3, 3).
    #expect(try data("0,1,2\n3,4,5\n6,7,8\n").rows == 3)
    #expect(try data("0,1,2.0\n7,8,9\n").rows == 2)
  }

  @Test("of 0 and 1 alone is a row of data, and that it may be names is said")
  func two() throws {
    let data = try data("0,1\n0.5,0.9\n")
    #expect(data.rows == 2)
    #expect(notes(data) == ["the first line counts 0, 1; write header: true if these are names"])
  }

  @Test("may be whole numbers above fractions: a row of data, and that is said")
  func years() throws {
    let rows = (0..<6).map { "\($0).5,\($0).25" }.joined(separator: "\n")
    let data = try data("2019,2020\n" + rows)
    #expect(data.rows == 7)
    #expect(
      notes(data) == [
        "the first line has whole numbers alone, the others have none; write header: true if it holds "
          + "names"
      ])
    #expect(notes(try self.data("2019,2020\n" + rows, CSVFormat(header: true))) == [])
    #expect(notes(try self.data("1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n")) == [])
  }

  @Test(
    "of a model's names is one though they are numbers, and missing where no name is the model's")
  func ofModel() throws {
    let model = try #require(try data("2019,2020\n1,2\n", CSVFormat(header: true)).interface)
    func inputs(_ text: String) throws -> InputRows {
      try InputFile.read(try folder.write("p.csv", text), interface: model)
    }
    let named = try inputs("2020,2019\n1,5\n2,6\n")
    #expect(named.inputs.elements == [5, 6] && named.notes == [])
    let plain = try inputs("5\n6\n")
    #expect(plain.inputs.elements == [5, 6])
    #expect(
      plain.notes.map { $0.replacing("\(folder.path)/", with: "") }
        == [
          "p.csv: this file has no names of columns, so they are taken in order: column 0 is the input "
            + "(counted from 0)"
        ])
  }

  /// Six rows of four inputs and a label below `first`.
  private func flowers(_ first: String, index: Bool = false, label: (Int) -> String) -> String {
    let rows = (0..<6).map { row in
      (index ? "\(row)," : "") + "5.\(row),3.\(row),1.5,0.25,\(label(row))"
    }
    return ([first] + rows).joined(separator: "\n") + "\n"
  }

  private func classes(_ text: String, _ format: CSVFormat = CSVFormat()) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), format: format, labels: [.last], task: .classification)
  }

  @Test("that counts 0, 1, 2 beside texts is one, with an index in front too, and that is said")
  func countingBesideTexts() throws {
    // pd.DataFrame(X) with a named column: pandas 3.1.1 reads the first line as names.
    let text = flowers("0,1,2,3,species") { $0 < 3 ? "setosa" : "virginica" }
    let named = try classes(text)
    #expect(named.rows == 6 && named.featureNames == ["0", "1", "2", "3"])
    #expect(notes(named).count == 1)
    #expect(notes(named)[0].contains("header: false"))
    let stated = try classes(text, CSVFormat(header: false))
    #expect(stated.rows == 7 && stated.targets.classNames?.contains("species") == true)

    let indexed = try classes(
      flowers(",0,1,2,3,species", index: true) { $0 < 3 ? "setosa" : "virginica" })
    #expect(indexed.rows == 6 && indexed.featureNames == ["", "0", "1", "2", "3"])
    #expect(notes(indexed).count == 2 && notes(indexed)[1].contains("ignore: [0]"))

    let first = try CSVReader.dataset(
      try folder.write("d.csv", "y,0,1\n" + (0..<6).map { "\($0).5,7,8\n" }.joined()),
      labels: [.index(0)], task: .regression)
    #expect(first.rows == 6 && first.featureNames == ["0", "1"])
  }

  @Test("is none where a text of it is a label, the numbers go on or the first column counts rows")
  func countingInData() throws {
    let labels = try classes(flowers("0,1,2,3,setosa") { $0 < 3 ? "setosa" : "virginica" })
    #expect(labels.rows == 7 && notes(labels) == [])
    #expect(try classes("0,1,2,a\n3,4,5,b\n6,7,8,a\n").rows == 3)
    let counted = (0..<6).map { "\($0),1,\($0 < 3 ? "b" : "c")\n" }.joined()
    #expect(try classes(counted).rows == 6)
  }

  @Test("is one where nothing stands above row numbers")
  func aboveIndex() throws {
    let data = try classes(
      flowers(",2019,2020,2021,2022,species", index: true) { $0 < 3 ? "a" : "b" })
    #expect(data.rows == 6 && notes(data).count == 2)
    #expect(notes(data)[0].contains("header: false"))
  }

  @Test("may be where a text stands above numbers, and that is said, not that the row be dropped")
  func uncertain() throws {
    let above = (0..<6).map { "\($0).5,\($0)\n" }.joined()
    let note = "the first line has \"y\" above numbers; write header: true if it holds names"
    let levels = try CSVReader.dataset(
      try folder.write("d.csv", "7,y\n" + above), labels: [.index(0)],
      columns: ColumnSettings(oneHot: .error), task: .regression)
    #expect(notes(levels).first == note)
    _ = try folder.write("m.csv", ",2,3\n4,5,6\n7,8,9\n")
    let first = datasetError { () throws(DatasetError) in
      try CSVReader.dataset("\(folder.path)/m.csv", labels: [.last], task: .regression)
    }
    #expect(
      first?.description.hasSuffix(
        "the value is missing; write header: true if the line holds names, or fill it in") == true)
  }

  @Test("of a model is not told by one value that is a name")
  func oneName() throws {
    let model = try #require(
      try data("0,1,2,y\n5,6,7,8\n9,8,7,6\n", CSVFormat(header: true)).interface)
    let rows = try InputFile.read(
      try folder.write("p.csv", "0,9,5\n3,4,6\n"), interface: model)
    #expect(rows.inputs.elements == [0, 9, 5, 3, 4, 6])
  }

  @Test("is none, and the first column counts rows: that is pointed out")
  func namelessIndex() throws {
    for start in [0, 1] {
      let rows = (0..<6).map { "\($0 + start),\($0 % 2).5,7\n" }.joined()
      #expect(
        notes(try data(rows)) == [
          "column 0 (counted from 0) only numbers the rows and is an input; write ignore: [0] to leave "
            + "it out"
        ])
    }
    #expect(notes(try data((0..<6).map { "\($0 * 2),\($0 % 2).5,7\n" }.joined())) == [])
  }

  @Test("that counts is none of a model with names: its columns are taken in order, which is said")
  func countingForModel() throws {
    let model = try #require(try data("a,b,y\n5,6,7\n9,8,7\n").interface)
    let rows = try InputFile.read(
      try folder.write("p.csv", "0,1,2\n3,4,6\n7,8,9\n"), interface: model)
    #expect(rows.inputs.elements == [3, 4, 7, 8] && rows.notes.count == 2)
    #expect(rows.notes[0].contains("--no-header"))
    #expect(rows.notes[1].contains("this file has no names of columns, so they are taken in order"))
    let own = try #require(try data("0,1,2\n5,6,7\n9,8,7\n").interface)
    let swapped = try InputFile.read(
      try folder.write("p.csv", "1,0\n3,4\n7,8\n"), interface: own)
    #expect(swapped.inputs.elements == [4, 3, 8, 7])
  }

  @Test("may be years above fractions beside a label of whole numbers, which is said")
  func yearsAndClasses() throws {
    let rows = (0..<6).map { "\($0).5,\($0).25,\($0 % 2)\n" }.joined()
    let data = try classes("2019,2020,2021\n" + rows)
    #expect(notes(data).contains { $0.contains("write header: true if it holds names") })
  }
}
