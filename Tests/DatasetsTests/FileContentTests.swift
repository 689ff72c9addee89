import Foundation
import NumericCore
import Storage
import Testing
import Datasets

@Suite("Files read in pieces")
struct FileContentTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Rows, and two further dimensions: more bytes than a piece in every type of four bytes or more.
  static let shape = [3, 70_000, 2]

  /// An NPY file whose element at index (i, j, k) is its number in C order, or what `others` says.
  private static func file(type: String, fortran: Bool, others: [Int: Double] = [:]) -> [UInt8] {
    let header =
      "{'descr': '\(type)', 'fortran_order': \(fortran ? "True" : "False"), "
      + "'shape': (3, 70000, 2), }"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count), 0] + Array(header.utf8)
    let count = shape.reduce(1, *)
    for stored in 0..<count {
      let (i, rest) = (stored % 3, stored / 3)
      let index = fortran ? (i * 70_000 + rest % 70_000) * 2 + rest / 70_000 : stored
      let value = others[index] ?? Double(index)
      if type == "<f8" {
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
      } else {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes += $0 }
      }
    }
    return bytes
  }

  private static func inputs(_ path: String, limit: Int) throws -> NumericArray {
    try ArrayFile(path).array(
      try DataFile.content(path, limit: limit), role: .inputs, limit: limit)
  }

  @Test(
    "The matrix of a file of several pieces is that of its bytes in memory, in either order",
    arguments: ["<f4", "<f8"], [false, true])
  func matrix(type: String, fortran: Bool) throws {
    let bytes = Self.file(type: type, fortran: fortran)
    #expect(bytes.count > FileContent.pieceSize)
    let path = try folder.write("a.npy", bytes)
    let array = try Self.inputs(path, limit: bytes.count)
    let expected = DataMatrix(rows: 3, columns: 140_000, (0..<420_000).map(Double.init))
    #expect(try array.matrix(role: .inputs) == expected)
    #expect(try NPY.array(bytes, file: "a").matrix(role: .inputs) == expected)
    #expect(try InputFile.read(path).inputs == expected)
  }

  @Test(
    "Numbers that are not finite are named in the order of the matrix",
    arguments: [
      false, true,
    ])
  func notFinite(fortran: Bool) throws {
    // In Fortran order the second of them is stored first.
    let bytes = Self.file(
      type: "<f4", fortran: fortran, others: [139_999: .infinity, 140_000: .nan])
    let path = try folder.write("a.npy", bytes)
    let array = try Self.inputs(path, limit: bytes.count)
    let error = datasetError { () throws(DatasetError) in try array.matrix(role: .inputs) }
    #expect(
      error
        == .several(
          path,
          [
            .value(path, .element([0, 69_999, 1]), .notFinite(text: "inf")),
            .value(path, .element([1, 0, 0]), .notFinite(text: "nan")),
          ], count: 2))
  }

  @Test("Bytes and labels of several pieces")
  func idx() throws {
    let count = FileContent.pieceSize + 1000
    let length = (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
    let values = (0..<count).map { UInt8($0 / 9 % 10) }
    let path = try folder.write("a.idx", [0, 0, 8, 1] + length + values)
    let content = try DataFile.content(path, limit: count + 8)
    let array = try IDX.array(content, file: path)
    #expect(try array.matrix(role: .inputs).elements == values.map(Double.init))
    let classes = try array.classes(known: nil)
    #expect(classes == .classes(values.map(Int32.init), names: (0..<10).map(String.init)))
    #expect(try InputFile.read(path).inputs.rows == count)
  }

  @Test("A file that shrinks after its header was read is an error that says so")
  func shrinks() throws {
    let bytes = Self.file(type: "<f4", fortran: false)
    let path = try folder.write("a.npy", bytes)
    let array = try Self.inputs(path, limit: bytes.count)
    #expect(truncate(path, 1000) == 0)
    let error = datasetError { () throws(DatasetError) in try array.matrix(role: .inputs) }
    #expect(error == .file(path, .changedWhileReading))
  }

  @Test("A compressed file is unpacked while it is read, and reads the same")
  func compressed() throws {
    let bytes = NPY.bytes(of: DataMatrix(rows: 2, columns: 2, [1, 2, 3, 4]))
    let path = try folder.write("a.npy.zst", try Zstd.compress(bytes.span, level: 3))
    let array = try Self.inputs(path, limit: 4096)
    #expect(try array.matrix(role: .inputs).elements == [1, 2, 3, 4])
  }

  @Test("An array of several pieces in an archive reads the same, and damage at its end shows")
  func archived() throws {
    let matrix = DataMatrix(rows: 3, columns: 140_000, (0..<420_000).map { Double($0) / 3 })
    var bytes = try #require(NPZ.bytes(of: [("inputs", NPY.bytes(of: matrix))]))
    let path = try folder.write("a.npz", bytes)
    #expect(bytes.count > FileContent.pieceSize)
    #expect(try InputFile.read(path).inputs == matrix)
    // The last byte of the array lies before the directory: its record, and the end record.
    bytes[bytes.count - 22 - 46 - "inputs.npy".utf8.count - 1] ^= 1
    let damaged = try folder.write("b.npz", bytes)
    let error = datasetError { () throws(DatasetError) in try InputFile.read(damaged) }
    #expect(error?.description.contains("its checksum differs") == true)
  }
}
