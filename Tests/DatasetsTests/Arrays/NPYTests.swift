import NumericCore
import Storage
import Testing

import Datasets

/// The rule of the golden files: element k in C order.
private func floats(_ count: Int) -> [Double] { (0..<count).map { Double($0) / 2 - 2 } }
private func integers(_ count: Int) -> [Double] { (0..<count).map { Double($0) } }

@Suite("NPY")
struct NPYTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func matrix(_ name: String) throws -> DataMatrix {
    try InputFile.read(DatasetGolden.path(name)).inputs
  }

  @Test(
    "every version and order of floats reads the same",
    arguments: [
      "little_f4.npy", "little_f8.npy", "big_f4.npy", "fortran.npy", "version2.npy", "version3.npy",
      "expected_writer.npy", "little_f2.npy", "big_f2.npy",
    ])
  func floatTypes(name: String) throws {
    #expect(try matrix(name) == DataMatrix(rows: 3, columns: 5, floats(15)))
  }

  @Test("texts are written as NumPy 2.4.6 writes them (numpy.save(f, numpy.array([…])))")
  func texts() {
    #expect(
      Digest.sha256(NPY.bytes(of: ["b", "größe", ""]))
        == "afe98175f2a4c747698d0d5b62c371fc1e462c3077a62e16ebcd1a0b292fd193")
    #expect(
      Digest.sha256(NPY.bytes(of: [""]))
        == "5b56f3e8aacf01264abc3a9ee3b8c5cd80e28d18a20080acad837e9034f255fd")
  }

  @Test(
    "every integer type reads the same",
    arguments: [
      "little_i4.npy", "little_i8.npy", "u1.npy", "i1.npy", "little_i2.npy", "little_u2.npy",
      "little_u4.npy", "little_u8.npy", "big_i8.npy",
    ])
  func integerTypes(name: String) throws {
    #expect(try matrix(name) == DataMatrix(rows: 3, columns: 5, integers(15)))
  }

  @Test(
    "numbers that float32 does not hold stay as they are, those that it holds take four bytes each",
    arguments: ["times_f8.npy", "times_i8.npy", "times_u4.npy", "times_fortran.npy"])
  func precision(name: String) throws {
    let times = try matrix(name)
    #expect(times == DataMatrix(rows: 2, columns: 2, [1_700_000_000, 2, 1_700_000_001, 4]))
    guard case .float64 = times else {
      Issue.record("float32 does not hold 1700000001")
      return
    }
    guard case .float32 = try matrix("little_i8.npy") else {
      Issue.record("float32 holds 14")
      return
    }
  }

  @Test(
    "whole numbers beside the middle of two floats are rounded once", arguments: ["<i8", ">u8"])
  func roundedOnce(type: String) throws {
    // The Double that is nearest to each is the middle.
    let middles = [(1 << 60) + (1 << 36), (1 << 60) + (3 << 36)]
    let wholes = middles.flatMap { [$0 - 1, $0, $0 + 1] }
    var bytes = NPYFile.start(type: type, shape: [wholes.count, 1])
    for whole in wholes {
      let stored = type.hasPrefix("<") ? whole.littleEndian : whole.bigEndian
      withUnsafeBytes(of: stored) { bytes.append(contentsOf: $0) }
    }
    let read = try InputFile.read(folder.write("x.npy", bytes)).inputs.rounded
    #expect((0..<wholes.count).map { read[$0, 0] } == wholes.map { Float($0) })
    #expect(wholes.contains { Float(Double($0)) != Float($0) })
  }

  @Test("half-precision numbers are NumPy's, the smallest and the largest among them")
  func half() throws {
    #expect(
      try matrix("limits_f2.npy").elements
        == [6.103515625e-05, 5.960464477539063e-08, 65504, -0.333251953125])
    let path = DatasetGolden.path("nan_f2.npy")
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    #expect(
      error == .value(path, .element([0, 0]), .notFinite(text: "nan")))
  }

  @Test("bool reads as 0 and 1")
  func bool() throws {
    #expect(
      try matrix("b1.npy")
        == DataMatrix(
          rows: 3, columns: 5, integers(15).map { $0.remainder(dividingBy: 2).magnitude }))
  }

  @Test("one dimension is one feature, more than two are flattened, in either order")
  func dimensions() throws {
    #expect(try matrix("rank1.npy") == DataMatrix(rows: 7, columns: 1, floats(7)))
    #expect(try matrix("rank3.npy") == DataMatrix(rows: 3, columns: 8, integers(24)))
    #expect(try matrix("fortran_rank4.npy") == DataMatrix(rows: 3, columns: 40, floats(120)))
  }

  @Test(
    "types and shapes that cannot be read are named",
    arguments: [
      (
        "complex.npy",
        "the NPY file has elements of type \"<c8\", which is not supported; "
          + "save it as plain numbers"
      ),
      (
        "record.npy",
        "the NPY file has records as elements, which is not supported; save it as plain numbers"
      ),
      (
        "scalar.npy",
        "an array of shape () cannot be inputs; save it as [rows, features]"
      ),
    ])
  func unsupported(name: String, message: String) {
    let path = DatasetGolden.path(name)
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    #expect(error?.description == "\(path): \(message)")
  }

  @Test("targets of a regression are one column or several, not more dimensions")
  func targets() throws {
    func read(_ targets: String) throws(DatasetError) -> Dataset {
      try DataSource.npy(
        inputs: ArrayFile(DatasetGolden.path("u1.npy")),
        targets: ArrayFile(DatasetGolden.path(targets))
      ).read(task: .regression)
    }
    #expect(try read("fortran.npy").targets == .values(DataMatrix(rows: 3, columns: 5, floats(15))))
    let cube = datasetError { () throws(DatasetError) in try read("rank3.npy") }
    #expect(
      cube?.description.hasSuffix(
        "an array of shape 3 x 2 x 4 cannot be targets; save it as [rows] or [rows, targets]")
        == true)
  }

  @Test("the writer gives the bytes that NumPy gives")
  func writer() throws {
    let matrix = DataMatrix(rows: 3, columns: 5, floats(15))
    #expect(NPY.bytes(of: matrix) == (try DatasetGolden.bytes("expected_writer.npy")))
    let precise = try self.matrix("thirds_f8.npy")
    guard case .float64 = precise else {
      Issue.record("a third is no float32")
      return
    }
    #expect(NPY.bytes(of: precise) == (try DatasetGolden.bytes("thirds_f8.npy")))
  }

  @Test(
    "what is written reads back, and its elements are aligned",
    arguments: [(1, 1), (1, 17), (17, 1), (33, 5)])
  func roundTrip(rows: Int, columns: Int) throws {
    let matrix = DataMatrix(rows: rows, columns: columns, floats(rows * columns))
    let bytes = NPY.bytes(of: matrix)
    #expect((bytes.count - rows * columns * 4) % 64 == 0)
    #expect(try InputFile.read(try folder.write("a.npy", bytes)).inputs == matrix)
    let packed = try Zstd.compress(bytes.span, level: 3)
    #expect(try InputFile.read(try folder.write("a.npy.zst", packed)).inputs == matrix)
  }

  /// A version 1 file of this header and so many bytes of elements.
  private func file(_ header: String, elements: Int) -> [UInt8] {
    let length = UInt16(header.utf8.count)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + Array(header.utf8) + [UInt8](repeating: 0, count: elements)
  }

  @Test(
    "a header is read as Python would, whatever its quotes, order and blanks",
    arguments: [
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      "{\"shape\":(2L,3L,),\"fortran_order\":False,\"descr\":\"<f4\"}",
      " { 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2 , 3 ) } \n",
    ])
  func headers(header: String) throws {
    let path = try folder.write("a.npy", file(header, elements: 24))
    #expect(try InputFile.read(path).inputs == .float32(Matrix(rows: 2, columns: 3)))
  }

  @Test(
    "a damaged header is refused",
    arguments: [
      "", "{", "{}", "[]", "{'descr': '<f4'}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 6}",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2, 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'shape': (2, 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), 'other': 1}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2 3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, -3)}",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 3)}",
      "{'descr': 'f4', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': '', 'fortran_order': False, 'shape': (2, 3)}",
      "{'descr': '|O', 'fortran_order': False, 'shape': (2, 3)}",
    ])
  func damagedHeaders(header: String) throws {
    let path = try folder.write("a.npy", file(header, elements: 24))
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    let text = try #require(error?.description)
    #expect(["is damaged (", "has "].contains { text.hasPrefix("\(path): the NPY file \($0)") })
  }

  @Test(
    "a shape must say exactly the bytes that follow, even if its product overflows",
    arguments: [
      [2, 4], [1, 3], [4_294_967_296, 4_294_967_296], [4_611_686_018_427_387_904, 4],
      [9_223_372_036_854_775_807, 9_223_372_036_854_775_807],
    ])
  func sizes(shape: [Int]) throws {
    let text = shape.map(String.init).joined(separator: ", ")
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(text)), }"
    let path = try folder.write("a.npy", file(header, elements: 24))
    let error = datasetError { () throws(DatasetError) in try InputFile.read(path) }
    #expect(
      error?.description
        == "\(path): the NPY header promises \(shape[0]) x \(shape[1]) elements of 4 bytes, and 24 "
        + "bytes follow it; copy or download the file again")
  }

  @Test("an array without rows or without features is refused, whatever the other lengths")
  func nothing() throws {
    for (shape, problem) in [
      ("(0,)", DatasetError.FileProblem.noRows), ("(0, 1000000000000)", .noRows),
      ("(1000000000000, 0)", .noInputColumns),
    ] {
      let header = "{'descr': '<f4', 'fortran_order': True, 'shape': \(shape), }"
      let path = try folder.write("a.npy", file(header, elements: 0))
      #expect(
        datasetError { () throws(DatasetError) in try InputFile.read(path) }
          == .file(path, problem))
    }
  }

  @Test("an unknown version and too long a header are refused")
  func versions() throws {
    var bytes = try DatasetGolden.bytes("version2.npy")
    bytes[6] = 4
    let version = try folder.write("v.npy", bytes)
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(version) }
        == .unsupported(version, "NPY", feature: "format version 4"))
    bytes[6] = 2
    bytes[11] = 0xff
    let long = try folder.write("l.npy", bytes)
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(long) }
        == .malformed(long, "NPY", reason: "a header of 4278190196 bytes"))
  }

  @Test("NaN is named with row and column, in either order", arguments: [false, true])
  func nan(fortran: Bool) throws {
    let order = fortran ? "True" : "False"
    let header = "{'descr': '<f4', 'fortran_order': \(order), 'shape': (2, 3), }"
    var bytes = file(header, elements: 24)
    // Row 1, column 1: element 4 in C order, element 3 in Fortran order.
    let position = bytes.count - 24 + 4 * (fortran ? 3 : 4)
    bytes.replaceSubrange(position..<(position + 4), with: [0, 0, 0xc0, 0x7f])
    let path = try folder.write("a.npy", bytes)
    #expect(
      datasetError { () throws(DatasetError) in try InputFile.read(path) }?.description
        == "\(path), element [1, 1]: \"nan\" is not a finite number; "
        + "correct it or remove the row")
  }
}
