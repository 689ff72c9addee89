import Foundation

/// A numeric array from a NumPy file, for golden values: little-endian f8 or u1, C order.
package struct NPY: Sendable {
  package let shape: [Int]
  /// Row-major.
  package let values: [Double]

  /// What keeps a file from being read.
  package enum Failure: Error, Equatable {
    case notAnArray
    case unsupported(header: String)
    case length(expected: Int, found: Int)
  }

  /// Reads `file`, versions 1 to 3 of the format.
  package init(contentsOf file: URL) throws {
    let bytes = [UInt8](try Data(contentsOf: file))
    guard bytes.count >= 12, bytes[1..<6].elementsEqual("NUMPY".utf8) else {
      throw Failure.notAnArray
    }
    let isLong = bytes[6] >= 2
    let start = isLong ? 12 : 10
    let high = isLong ? Int(bytes[10]) << 16 | Int(bytes[11]) << 24 : 0
    let end = start + (Int(bytes[8]) | Int(bytes[9]) << 8 | high)
    guard end <= bytes.count else { throw Failure.notAnArray }
    let header = String(decoding: bytes[start..<end], as: UTF8.self)
    let isDouble = header.contains("'<f8'")
    guard isDouble || header.contains("'|u1'"), header.contains("'fortran_order': False"),
      let shapeText = header.split(separator: "(").last?.split(separator: ")").first
    else { throw Failure.unsupported(header: header) }
    shape = shapeText.split(separator: ",").compactMap { Int($0.filter(\.isNumber)) }
    let count = shape.reduce(1, *)
    let size = isDouble ? 8 : 1
    guard bytes.count - end == count * size else {
      throw Failure.length(expected: count * size, found: bytes.count - end)
    }
    values = bytes.withUnsafeBytes { raw in
      (0..<count).map { index in
        if !isDouble { return Double(raw[end + index]) }
        let bits = raw.loadUnaligned(fromByteOffset: end + 8 * index, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
  }

  /// The values rounded to Float.
  package var floats: [Float] { values.map { Float($0) } }
}
