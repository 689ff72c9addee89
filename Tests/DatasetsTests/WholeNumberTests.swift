import Datasets
import Testing

@Suite("Whole numbers beyond 2^53")
struct WholeNumberTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func labels(_ texts: [String]) throws -> Dataset.Targets {
    let path = try folder.write("d.csv", texts.map { "0,\($0)\n" }.joined())
    return try CSVReader.dataset(
      path, format: CSVFormat(header: false), labels: [.last], task: .classification
    ).targets
  }

  @Test("are classes of their own, however they are written")
  func classes() throws {
    #expect(
      try labels(["9007199254740993", "9007199254740992.0", "9007199254740993.0"])
        == .classes([1, 0, 1], names: ["9007199254740992", "9007199254740993"]))
    #expect(
      try labels(["18446744073709551615", "18446744073709551614", "1e19"])
        == .classes(
          [2, 1, 0],
          names: ["10000000000000000000", "18446744073709551614", "18446744073709551615"]))
    #expect(
      try labels(["1.5e1", "-0", "2500e-2"]) == .classes([1, 0, 2], names: ["0", "15", "25"]))
  }

  /// As numpy.save writes numpy.array(values, dtype).
  private func array(_ type: String, _ values: [UInt64]) -> [UInt8] {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(values.count),), }"
    header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8)
    for value in values { bytes += (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    return bytes
  }

  @Test("are exact classes in arrays", arguments: ["<u8", "<i8"])
  func arrays(type: String) throws {
    let values: [UInt64] = [9_007_199_254_740_993, 9_007_199_254_740_992, 9_007_199_254_740_993]
    let targets = try NPY.array(array(type, values), file: "y.npy").classes(known: nil)
    #expect(targets == .classes([1, 0, 1], names: ["9007199254740992", "9007199254740993"]))
    if type == "<u8" {
      let most = try NPY.array(array(type, [.max, .max - 1]), file: "y.npy").classes(known: nil)
      #expect(most.classNames == ["18446744073709551614", "18446744073709551615"])
    }
  }

  @Test("are noted in inputs and targets, with the column")
  func noted() throws {
    let path = try folder.write("d.csv", "id,y\n9007199254740993,1\n5,9007199254740992\n")
    let notes = try CSVReader.dataset(path, labels: [.last], task: .regression).notes
    #expect(
      notes.contains {
        $0.contains("column \"id\": whole numbers beyond 2^53 such as 9007199254740993")
      })
    // A power of two is held exactly.
    #expect(!notes.contains { $0.contains("column \"y\": whole") })
    let file = try folder.write("x.npy", array("<i8", [9_007_199_254_740_993, 1]))
    #expect(try InputFile.read(file).notes.contains { $0.contains("input 0: whole numbers") })
  }
}
