import Storage

/// The IDX format of the MNIST files: two zero bytes, a type, the number of dimensions, their
/// lengths (big-endian, 32 bits), then the elements (big-endian, last index fastest).
package enum IDX {
  /// 255 dimensions.
  private static let longestHeader = 4 + 4 * 255

  /// The array in the content of a file.
  /// - Throws: `DatasetError`, in particular where the header promises another number of bytes.
  package static func array(_ bytes: [UInt8], file: String) throws(DatasetError) -> NumericArray {
    try array(.memory(bytes), file: file)
  }

  /// The array in a file that may be read in pieces.
  /// - Throws: `DatasetError`, in particular where the header promises another number of bytes.
  package static func array(_ content: FileContent, file: String) throws(DatasetError)
    -> NumericArray
  {
    let bytes = try content.prefix(longestHeader)
    guard bytes.starts(with: [0, 0]) else { throw .otherFormat(file, expected: "IDX") }
    guard bytes.count >= 4 else { throw truncated(file) }
    let type: ElementType
    switch bytes[2] {
    case 0x08: type = .uint8
    case 0x09: type = .int8
    case 0x0b: type = .int16
    case 0x0c: type = .int32
    case 0x0d: type = .float32
    case 0x0e: type = .float64
    default: throw .otherFormat(file, expected: "IDX")
    }
    let offset = 4 + 4 * Int(bytes[3])
    guard bytes.count >= offset else { throw truncated(file) }
    let shape = stride(from: 4, to: offset, by: 4).map { start in
      bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    return try NumericArray(
      file: file, format: "IDX", shape: shape,
      layout: .init(type: type, bigEndian: true, fortranOrder: false), content: content,
      offset: offset)
  }

  private static func truncated(_ file: String) -> DatasetError {
    .malformed(file, "IDX", reason: "it ends inside the header")
  }
}
