import NumericCore
import Storage

/// NumPy's array files: a header (`NPYHeader`), then the elements.
package enum NPY {
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
    let bytes = try content.prefix(NPYHeader.bytesNeeded)
    let header = try DatasetError.reading { () throws(ArrayFileError) in
      try NPYHeader(fileStart: bytes, file: file)
    }
    return try NumericArray(
      file: file, format: "NPY", shape: header.shape, layout: header.layout, content: content,
      offset: header.end)
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
    case .stored:
      bytes(of: DataMatrix(rows: matrix.rows, columns: matrix.columns, matrix.elements))
    }
  }

  /// A file of `rows * columns` elements of the type called `type`.
  private static func bytes<Word: BitwiseCopyable>(
    _ type: String, _ rows: Int, _ columns: Int, _ element: (Int) -> Word
  ) -> [UInt8] {
    var bytes = NPYFile.start(type: type, shape: [rows, columns])
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
  package static func bytes(of texts: [String]) -> [UInt8] { NPYFile.bytes(of: texts) }
}
