import Foundation
import NeuralNetworks
import NumericCore
import Testing

import Datasets

@Suite("Tables as files of numbers")
struct ConvertedTableTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private var conversions: String { folder.path + "/kept" }

  /// 50 rows with a name that is left out, two numbers, a text and a class.
  private static func table(last: String = "0.25") -> String {
    let rows = (0..<50).map { row in
      "n\(row),\(row),\(row == 49 ? last : "\(Double(row) / 4)"),\(["x", "y"][row % 2]),c\(row % 3)"
    }
    return (["name,a,b,kind,class"] + rows).joined(separator: "\n") + "\n"
  }

  private func request(
    _ path: String, _ storage: DataStorage, missing: ColumnSettings.Missing = .error,
    scaling: Scaling = .standard
  ) -> DataRequest {
    var request = DataRequest(
      train: .csv(
        path, labels: [.last],
        columns: ColumnSettings(ignored: [.name("name")], oneHot: .error, missing: missing)),
      validation: .share(.rows(10)), task: .classification, scaling: scaling, seed: 2)
    request.storage = storage
    request.conversions = TableConversions(in: conversions)
    return request
  }

  private func rows(_ parts: DataParts) -> [[UInt32]] {
    let inputs = parts.train.dataset.inputs
    if case .stored(let matrix) = inputs {
      var read = Matrix(rows: matrix.rows, columns: matrix.columns)
      matrix.read(
        Array(0..<Int32(matrix.rows))[...], into: &read, at: 0, pool: WorkerPool(threadCount: 1))
      #expect(matrix.failure == nil)
      return (0..<read.rows).map { read.row($0).map(\.bitPattern) }
    }
    return (0..<inputs.rows).map { inputs.rounded.row($0).map(\.bitPattern) }
  }

  /// Whether both say the same, with the same numbers.
  private func expectSame(_ stored: DataParts, _ memory: DataParts) {
    let (one, two) = (stored.train.dataset, memory.train.dataset)
    guard case .stored = one.inputs else {
      Issue.record("the inputs are in memory")
      return
    }
    #expect(rows(stored) == rows(memory))
    #expect(one.targets == two.targets && one.featureNames == two.featureNames)
    #expect(one.interface == two.interface && one.report == two.report)
    #expect(one.source == two.source)
    #expect(stored.notes == memory.notes && stored.warnings == memory.warnings)
    #expect(stored.train.rows == memory.train.rows)
    #expect(stored.inputScale == memory.inputScale)
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: conversions).sorted()
  }

  @Test(
    "a table is what it is in memory, when it is converted and when it is there",
    arguments: ["0.25", "1.1", "123456789.5"])
  func same(last: String) throws {
    let path = try folder.write("a.csv", Self.table(last: last))
    let memory = try request(path, .memory).load()
    expectSame(try request(path, .file).load(), memory)
    let written = try files()
    #expect(written.count == 3)
    let record = "\(conversions)/\(written.first { $0.hasSuffix(".json") }!)"
    let before = try FileManager.default.attributesOfItem(atPath: record)[.systemFileNumber] as? Int
    expectSame(try request(path, .file).load(), memory)
    let after = try FileManager.default.attributesOfItem(atPath: record)[.systemFileNumber] as? Int
    // A file that is written anew is another one.
    #expect(before != nil && before == after)
    #expect(try files() == written)
  }

  @Test("numbers for a regression and rows that are left out come back")
  func values() throws {
    let text =
      "a,b,y\n" + (0..<30).map { "\($0),\($0 == 7 ? "" : "2"),\(Double($0) / 3)\n" }.joined()
    let path = try folder.write("a.csv", text)
    func load(_ storage: DataStorage) throws -> DataParts {
      var request = DataRequest(
        train: .csv(path, labels: [], columns: ColumnSettings(missing: .drop)), task: .regression,
        seed: 1)
      request.storage = storage
      request.conversions = TableConversions(in: conversions)
      return try request.load()
    }
    let memory = try load(.memory)
    #expect(memory.train.count == 29)
    expectSame(try load(.file), memory)
    expectSame(try load(.file), memory)
  }

  @Test("another text is another table, and damage is mended")
  func anew() throws {
    let path = try folder.write("a.csv", Self.table())
    _ = try request(path, .file).load()
    let written = try files()
    _ = try folder.write("a.csv", Self.table(last: "3"))
    expectSame(try request(path, .file).load(), try request(path, .memory).load())
    #expect(try files().count == 6)

    _ = try folder.write("a.csv", Self.table())
    let memory = try request(path, .memory).load()
    for name in written {
      let file = "\(conversions)/\(name)"
      let sound = Array(try Data(contentsOf: URL(filePath: file)))
      // The last byte but one, and of the record names and places as well: no damage goes by unseen.
      let places =
        name.hasSuffix(".json")
        ? Array(stride(from: 1, to: sound.count - 1, by: 29)) : [sound.count - 2]
      for place in places {
        var bytes = sound
        bytes[place] ^= 1
        try Data(bytes).write(to: URL(filePath: file))
        let mended = try request(path, .file).load()
        #expect(rows(mended) == rows(memory))
        #expect(mended.train.dataset.targets == memory.train.dataset.targets)
        #expect(mended.train.dataset.interface == memory.train.dataset.interface)
        let told = mended.warnings.filter { !memory.warnings.contains($0) }
        #expect(told.count == 1 && told[0].hasSuffix("was damaged; all are made anew"), "\(place)")
        expectSame(try request(path, .file).load(), memory)
        #expect(Array(try Data(contentsOf: URL(filePath: file))) == sound)
      }
    }
    #expect(try files().count == 6)
  }

  @Test(
    "what would be filled is refused, and what is wrong with the text is said as it is in memory")
  func refused() throws {
    let path = try folder.write("a.csv", Self.table(last: "oops"))
    let errors = [DataStorage.memory, .file].map { storage in
      var request = DataRequest(
        train: .csv(
          path, labels: [.last], columns: ColumnSettings(ignored: [.name("name"), .name("kind")])),
        task: .classification, seed: 2)
      request.storage = storage
      request.conversions = TableConversions(in: conversions)
      return datasetError { () throws(DatasetError) in try request.load() }?.description
    }
    #expect(errors[0] != nil && errors[0] == errors[1])
    #expect(try files().isEmpty)
    let filled = datasetError { () throws(DatasetError) in
      try request(path, .file, missing: .mean).load()
    }
    #expect(filled?.description.contains("missing ones are filled in memory") == true)
  }
}
