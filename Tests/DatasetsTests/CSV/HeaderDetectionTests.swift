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
        == ["p.csv: this file has no names of columns, so they are taken in order"])
  }
}
