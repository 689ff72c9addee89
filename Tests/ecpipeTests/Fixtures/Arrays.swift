import Foundation
import Testing

/// Arrays of float32 as files, written and read here byte by byte.
enum Arrays {
  /// An NPY file, version 1, C order, with `rows`.
  static func npy(_ rows: [[Float]]) -> Data {
    var header = "{'descr': '<f4', 'fortran_order': False, "
    header += "'shape': (\(rows.count), \(rows.first?.count ?? 0)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var bytes = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    bytes += Data([UInt8(header.utf8.count & 0xff), UInt8(header.utf8.count >> 8)])
    bytes += Data(header.utf8)
    for value in rows.joined() {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The rows of an NPY file of float32 in C order with two dimensions.
  static func rows(npy bytes: Data) throws -> [[Float]] {
    try rows(npy: bytes, type: "<f4") { Float(bitPattern: $0) }
  }

  /// The same of float64.
  static func doubles(npy bytes: Data) throws -> [[Double]] {
    try rows(npy: bytes, type: "<f8") { Double(bitPattern: $0) }
  }

  private static func rows<Word: FixedWidthInteger, Number>(
    npy bytes: Data, type: String, number: (Word) -> Number
  ) throws -> [[Number]] {
    let bytes = [UInt8](bytes)
    try #require(bytes.count > 10 && bytes[0] == 0x93 && bytes[1..<6].elementsEqual("NUMPY".utf8))
    let end = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<end], as: UTF8.self)
    try #require(header.contains("'\(type)'") && header.contains("'fortran_order': False"))
    let shape = try #require(header.split(separator: "(").last?.split(separator: ")").first)
      .split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
    let size = Word.bitWidth / 8
    try #require(shape.count == 2 && bytes.count == end + size * shape[0] * shape[1])
    let values = words(bytes[end...]).map(number)
    return (0..<shape[0]).map { Array(values[$0 * shape[1]..<($0 + 1) * shape[1]]) }
  }

  /// The float32 tensors of a safetensors file: shape, and values in row-major order.
  static func tensors(safetensors bytes: Data) throws -> [String: (shape: [Int], values: [Float])] {
    let bytes = [UInt8](bytes)
    try #require(bytes.count > 8)
    let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
    let header = try JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length]))
    var found: [String: (shape: [Int], values: [Float])] = [:]
    for (name, value) in try #require(header as? [String: Any]) where name != "__metadata__" {
      let entry = try #require(value as? [String: Any])
      try #require(entry["dtype"] as? String == "F32")
      let shape = try #require(entry["shape"] as? [Int])
      let place = try #require(entry["data_offsets"] as? [Int])
      let content = bytes[(8 + length + place[0])..<(8 + length + place[1])]
      try #require(content.count == 4 * shape.reduce(1, *))
      found[name] = (shape, words(content).map { Float(bitPattern: $0) })
    }
    return found
  }

  private static func words<Word: FixedWidthInteger>(_ bytes: ArraySlice<UInt8>) -> [Word] {
    let size = Word.bitWidth / 8
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
      (0..<size).reduce(Word(0)) { $0 | Word(bytes[start + $1]) << (8 * $1) }
    }
  }
}
