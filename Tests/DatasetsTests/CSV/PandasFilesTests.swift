import Datasets
import Foundation
import Testing

/// Files that Golden/make_pandas_golden.py wrote, with what pandas 3.1.1 says of them.
private enum Pandas {
  static func path(_ name: String) -> String {
    DatasetGolden.folder + "/../pandas/" + name
  }

  struct Expected: Decodable {
    struct Dummies: Decodable {
      let columns: [String]
      let rows: [[Double]]
    }

    let mean: [Double]
    let median: [Double]
    let values: [[Double]]
    let dropped: [[Double]]
    let dummies: Dummies
  }

  static func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(filePath: path("expected.json"))))
  }
}

@Suite("Tables as pandas writes them")
struct PandasFilesTests {
  private func read(
    _ name: String, _ format: CSVFormat = CSVFormat(), label: ColumnSelector = .name("species"),
    _ columns: ColumnSettings = ColumnSettings(), task: LearningTask = .classification
  ) throws -> Dataset {
    try CSVReader.dataset(
      Pandas.path(name), format: format, labels: [label], columns: columns, task: task)
  }

  private func inputs(_ data: Dataset) -> [[Double]] {
    (0..<data.rows).map { row in
      (0..<data.inputs.columns).map { Double(data.inputs[row, $0]) }
    }
  }

  private func rounded(_ rows: [[Double]]) -> [[Float]] { rows.map { $0.map { Float($0) } } }

  @Test(
    "whatever stands between fields and in numbers, the same rows are read",
    arguments: [
      ("plain.csv", CSVFormat()), ("semicolon.csv", CSVFormat()), ("bar.csv", CSVFormat()),
      ("tab_comma.csv", CSVFormat(decimal: .comma)),
      ("semicolon_comma.csv", CSVFormat(decimal: .comma)),
      ("semicolon_comma.csv", CSVFormat(delimiter: .semicolon, decimal: .comma)),
    ])
  func delimiters(name: String, format: CSVFormat) throws {
    let data = try read(name, format)
    #expect(rounded(inputs(data)) == rounded(try Pandas.expected().values))
    #expect(data.targets.classNames == ["setosa", "versicolor", "virginica"])
    #expect(data.notes == [])
  }

  @Test("decimal commas without a word about them are one problem with what to write")
  func decimalComma() throws {
    for name in ["semicolon_comma.csv", "headless_semicolon_comma.csv"] {
      let error = datasetError { () throws(DatasetError) in
        try CSVReader.dataset(Pandas.path(name), labels: [.last], task: .classification)
      }
      let line = name.hasPrefix("headless") ? 1 : 2
      let column =
        name.hasPrefix("headless") ? "column 0 (counted from 0)" : "column \"sepal length (cm)\""
      #expect(
        error?.description
          == "\(Pandas.path(name)): \(column) has numbers with a decimal comma (\"5,1\" in line \(line)); "
          + "write decimal: comma")
    }
  }

  @Test("an index is pointed out with what to write, and left out where that is written")
  func index() throws {
    for (name, column, ignore) in [
      ("index.csv", "column 0 (no name)", "[0]"),
      ("unnamed.csv", "column \"Unnamed: 0\"", "[\"Unnamed: 0\"]"),
    ] {
      let data = try read(name)
      #expect(data.inputs.columns == 5 && data.notes.count == 1)
      #expect(data.notes[0].contains("\(column) only numbers the rows"))
      #expect(data.notes[0].hasSuffix("write ignore: \(ignore) to leave it out"))
      let without = try read(name, columns(ignoring: [.index(0)]))
      #expect(rounded(inputs(without)) == rounded(try Pandas.expected().values))
      #expect(without.notes == [])
    }
  }

  private func columns(ignoring ignored: [ColumnSelector]) -> ColumnSettings {
    ColumnSettings(ignored: ignored)
  }

  private func read(_ name: String, _ columns: ColumnSettings) throws -> Dataset {
    try CSVReader.dataset(
      Pandas.path(name), labels: [.name("species")], columns: columns, task: .classification)
  }

  @Test("columns that are numbered have a header, which is said; header: false makes it a row")
  func numbered() throws {
    let data = try read("numbered.csv", label: .last, task: .regression)
    #expect(data.rows == 9 && data.featureNames == ["0", "1", "2"])
    #expect(
      data.notes == [
        "\(Pandas.path("numbered.csv")): the first line counts 0, 1, 2, … as pandas names columns, so "
          + "it is taken for names; write header: false if it is a row of data"
      ])
    let stated = try read(
      "numbered.csv", CSVFormat(header: false), label: .last, task: .regression)
    #expect(stated.rows == 10 && stated.notes == [])
    let indexed = try read("numbered_index.csv", label: .last, task: .regression)
    #expect(indexed.rows == 9 && indexed.featureNames == ["", "0", "1", "2"])
    #expect(indexed.notes.count == 2)
  }

  @Test("missing values are dropped as pandas drops them, however they are written")
  func dropped() throws {
    for name in ["missing.csv", "missing_na.csv"] {
      let data = try read(name, ColumnSettings(missing: .drop))
      #expect(rounded(inputs(data)) == rounded(try Pandas.expected().dropped))
      #expect(data.targets.rows == 7)
      #expect(
        data.notes == ["\(Pandas.path(name)): 2 of 9 rows have a missing value and are left out"])
    }
  }

  @Test("missing values are filled with pandas' mean and median of the training part")
  func filled() throws {
    let expected = try Pandas.expected()
    for (missing, values) in [
      (ColumnSettings.Missing.mean, expected.mean), (.median, expected.median),
    ] {
      let request = DataRequest(
        train: .csv(
          Pandas.path("missing.csv"), labels: [.last], columns: ColumnSettings(missing: missing)),
        task: .classification, seed: 1)
      let data = try request.load().train.dataset
      let fills = data.interface?.inputs.map { input -> Double? in
        if case .number(let fill) = input.kind { fill } else { nil }
      }
      let found = try #require(fills)
      for (own, value) in zip(found, values) {
        // The sums are of another order.
        #expect(abs(try #require(own) - value) < 1e-14)
      }
      #expect(Float(data.inputs[1, 0]) == Float(values[0]))
      #expect(Float(data.inputs[4, 2]) == Float(values[2]))
    }
  }

  @Test("text becomes what pandas.get_dummies makes of it, a missing one a level of its own")
  func dummies() throws {
    let expected = try Pandas.expected().dummies
    let data = try read(
      "people.csv", label: .last, ColumnSettings(oneHot: .error, missing: .mean))
    #expect(
      data.featureNames.map { $0.dropFirst().map { $0.replacing("=", with: "_") } }
        == expected.columns)
    #expect(inputs(data).map { Array($0.dropFirst()) } == expected.rows)
  }

  @Test("other order of columns, same rows by an interface")
  func reversed() throws {
    let interface = try #require(try read("plain.csv").interface)
    let other = try CSVReader.dataset(
      Pandas.path("reversed.csv"), labels: [], task: .classification,
      context: ReadingContext(interface: interface))
    #expect(rounded(inputs(other)) == rounded(try Pandas.expected().values))
    #expect(other.targets == (try read("plain.csv")).targets)
  }
}
