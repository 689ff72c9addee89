import NumericCore

/// NumPy's array files, versions 1 to 3: a magic, the length of the header, the header (a Python
/// dictionary as text), then the elements.
package enum NPY {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// Longest header that is read; NumPy pads short ones to a multiple of 64 bytes.
  private static let longestHeader = 1 << 16

  /// Whether `bytes` begin as an NPY file does.
  static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  /// The array in the content of a file.
  /// - Throws: `DatasetError`, in particular where the header promises another number of bytes.
  package static func array(_ bytes: [UInt8], file: String) throws(DatasetError) -> NumericArray {
    try array(.memory(bytes), file: file)
  }

  /// The array in a file that may be read in pieces.
  /// - Throws: `DatasetError`, in particular where the header promises another number of bytes.
  package static func array(_ content: ArrayContent, file: String) throws(DatasetError)
    -> NumericArray
  {
    let bytes = try content.prefix(12 + longestHeader)
    guard matches(bytes) else { throw .otherFormat(file, expected: "NPY") }
    guard bytes.count >= 10 else { throw malformed(file, "it ends inside the header") }
    // Version 1 has a length of 2 bytes, versions 2 and 3 one of 4.
    let lengthSize: Int
    switch bytes[6] {
    case 1: lengthSize = 2
    case 2, 3: lengthSize = 4
    default: throw .unsupported(file, "NPY", feature: "format version \(bytes[6])")
    }
    let start = 8 + lengthSize
    guard bytes.count >= start else { throw malformed(file, "it ends inside the header") }
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= longestHeader else { throw malformed(file, "a header of \(length) bytes") }
    guard length <= bytes.count - start else { throw malformed(file, "it ends inside the header") }
    let header = try NPYHeader(Array(bytes[start..<(start + length)]), file: file)
    return try NumericArray(
      file: file, format: "NPY", shape: header.shape, layout: header.layout, content: content,
      offset: start + length)
  }

  /// An NPY file of version 1.0 that holds `matrix` little-endian, in C order and its own precision.
  package static func bytes(of matrix: DataMatrix) -> [UInt8] {
    switch matrix {
    case .float32(let matrix):
      matrix.withSpan { span in
        bytes("<f4", matrix.rows, matrix.columns) { span[$0].bitPattern.littleEndian }
      }
    case .float64(let matrix):
      bytes("<f8", matrix.rows, matrix.columns) { matrix.elements[$0].bitPattern.littleEndian }
    }
  }

  /// A file of `rows * columns` elements of the type called `type`.
  private static func bytes<Word: BitwiseCopyable>(
    _ type: String, _ rows: Int, _ columns: Int, _ element: (Int) -> Word
  ) -> [UInt8] {
    var bytes = start(type: type, shape: "(\(rows), \(columns))")
    let start = bytes.count
    let size = MemoryLayout<Word>.size
    bytes += [UInt8](repeating: 0, count: rows * columns * size)
    bytes.withUnsafeMutableBytes { raw in
      for i in 0..<(rows * columns) {
        raw.storeBytes(of: element(i), toByteOffset: start + size * i, as: Word.self)
      }
    }
    return bytes
  }

  /// An NPY file of version 1.0 that holds `texts` as NumPy's text of a fixed length, in UTF-32.
  package static func bytes(of texts: [String]) -> [UInt8] {
    let length = max(1, texts.map(\.unicodeScalars.count).max() ?? 1)
    var bytes = start(type: "<U\(length)", shape: "(\(texts.count),)")
    for text in texts {
      var words = text.unicodeScalars.map(\.value)
      words += Array(repeating: 0, count: length - words.count)
      for word in words { bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    return bytes
  }

  /// What stands before the elements, which begin at a multiple of 64.
  private static func start(type: String, shape: String) -> [UInt8] {
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let unpadded = magic.count + 4 + header.utf8.count + 1
    header += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(header.utf8.count)
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(header.utf8)
  }

  private static func malformed(_ file: String, _ reason: String) -> DatasetError {
    .malformed(file, "NPY", reason: reason)
  }
}
