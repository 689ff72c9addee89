import Datasets
import NeuralNetworks
import Testing

@Suite("Columns of text")
struct CategoryTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func data(
    _ text: String, _ unknown: ColumnSettings.UnknownLevel? = .error,
    missing: ColumnSettings.Missing = .error
  ) throws -> Dataset {
    try CSVReader.dataset(
      try folder.write("d.csv", text), labels: [.last],
      columns: ColumnSettings(oneHot: unknown, missing: missing), task: .regression)
  }

  private func complaint(_ body: () throws(DatasetError) -> Dataset) -> String? {
    datasetError(body)?.description.replacing("\(folder.path)/", with: "")
  }

  @Test("are refused with what to write, whatever is in their rows, unless levels are asked for")
  func refused() throws {
    let path = try folder.write("d.csv", "city,n,y\nRome,1,2\nOslo,3,4\n,5,6\n")
    #expect(
      complaint { () throws(DatasetError) in
        try CSVReader.dataset(path, labels: [.last], task: .regression)
      } == """
        d.csv: there are 2 problems (lines are counted as an editor counts them)
          column "city" holds text ("Rome" in line 2 and 1 other); write ignore: [city] to leave it out, \
        or categorical: one_hot to take its texts as levels
          line 4, column "city": the value is missing
          for a missing value: fill it in, remove the row, or write missing: drop, mean or median
        """)
  }

  @Test("become one input a level, in the order of the bytes, beside numbers as they are")
  func oneHot() throws {
    let data = try data("city,n,y\nrome,1,0\nÖrebro,2,0\nOslo,3,0\nrome,4,0\n")
    #expect(data.featureNames == ["city=Oslo", "city=rome", "city=Örebro", "n"])
    #expect(data.inputs.elements == [0, 1, 0, 1, 0, 0, 1, 2, 1, 0, 0, 3, 0, 1, 0, 4])
    #expect(
      data.interface?.inputs.first?.kind
        == .category(levels: ["Oslo", "rome", "Örebro"], unknownIsZero: false))
    #expect(data.interface?.inputs.map(\.width) == [3, 1] && data.notes == [])
  }

  @Test("have levels of their own for numbers among text; a text among many numbers is a mistake")
  func mixed() throws {
    let few = try data("c,y\n1,0\n2,0\n3+,0\n1,0\n2,0\n")
    #expect(few.featureNames == ["c=1", "c=2", "c=3+"])
    #expect(few.notes.count == 1)
    #expect(
      few.notes[0].hasSuffix(
        "column \"c\" has text (\"3+\" in line 4) among numbers, so its 3 different values are taken as "
          + "levels"))
    let path = try folder.write(
      "many.csv", "c,y\n" + (0..<30).map { "\($0),0\n" }.joined() + "l2,0\n")
    #expect(
      complaint { () throws(DatasetError) in
        try CSVReader.dataset(
          path, labels: [.last], columns: ColumnSettings(oneHot: .error), task: .regression)
      }
        == "many.csv, line 32, column \"c\": \"l2\" is not a number; correct it or remove the row")
  }

  @Test("that differ in every row, or have too many levels, are pointed out")
  func many() throws {
    let names = try data("n,y\n" + (0..<30).map { "p\($0),0\n" }.joined())
    #expect(names.notes.count == 1 && names.notes[0].hasSuffix("write ignore: [n] to leave it out"))
    let path = try folder.write("m.csv", "n,y\n" + (0...1000).map { "p\($0),0\n" }.joined())
    #expect(
      complaint { () throws(DatasetError) in
        try CSVReader.dataset(
          path, labels: [.last], columns: ColumnSettings(oneHot: .zeros), task: .regression)
      }
        == "m.csv: column \"n\" has 1001 different texts, and at most 1000 are taken as levels; write "
        + "ignore: [n] to leave it out")
  }

  @Test("of other files have the levels of the training source; another text is an error or zeros")
  func unknown() throws {
    let text = "c,y\na,0\nb,0\n"
    let path = try folder.write("v.csv", "c,y\nb,1\nx,2\n")
    let model = try #require(try data(text, .error).interface)
    #expect(
      complaint { () throws(DatasetError) in
        try CSVReader.dataset(
          path, labels: [], task: .regression, context: ReadingContext(interface: model))
      }
        == "v.csv, line 3, column \"c\": \"x\" is none of the 2 levels that the model knows; correct it, "
        + "remove the row, or train with categorical: {one_hot: {unknown: zeros}}")
    let lenient = try #require(try data(text, .zeros).interface)
    #expect(try InputFile.read(path, interface: lenient).inputs.elements == [0, 1, 0, 0])
  }

  @Test("keep a level for missing values where numbers are filled, also for other files")
  func missing() throws {
    let data = try data("c,n,y\na,1,0\n,2,0\nb,3,0\n", missing: .median)
    #expect(data.featureNames == ["c=", "c=a", "c=b", "n"])
    let path = try folder.write("p.csv", "c,n\nNA,1\nb,1\n")
    let model = try #require(data.interface)
    #expect(try InputFile.read(path, interface: model).inputs.elements == [1, 0, 0, 1, 0, 0, 1, 1])
    let dropped = try self.data("c,n,y\na,1,0\n,2,0\nb,3,0\n", missing: .drop)
    #expect(dropped.inputs.elements == [1, 0, 1, 0, 1, 3])
  }
}
