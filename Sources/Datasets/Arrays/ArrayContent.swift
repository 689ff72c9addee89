/// The bytes of an array file: in memory, or in a file that is read in pieces, so that it never lies in
/// memory beside what is made of it.
package enum ArrayContent {
  case memory([UInt8])
  case file(StoredFile)

  /// Bytes of a piece of a file; a multiple of the size of every element.
  package static let pieceSize = 1 << 20

  /// Number of bytes.
  var count: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(let file): file.size
    }
  }

  /// The first `length` bytes, or all where there are fewer.
  /// - Throws: `DatasetError`.
  func prefix(_ length: Int) throws(DatasetError) -> [UInt8] {
    switch self {
    case .memory(let bytes): return Array(bytes.prefix(length))
    case .file(let file): return try file.bytes(0..<min(length, file.size))
    }
  }

  /// Calls `body` with the bytes from `offset` on, piece by piece: all but the last have `pieceSize`
  /// bytes, or there is one only.
  /// - Throws: `DatasetError`, of reading or of `body`.
  func forEachPiece(
    from offset: Int, _ body: (RawSpan) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    switch self {
    case .memory(let bytes): try body(bytes.span.bytes.extracting(droppingFirst: offset))
    case .file(let file):
      let piece = UnsafeMutableRawBufferPointer.allocate(
        byteCount: min(Self.pieceSize, file.size - offset), alignment: 64)
      defer { piece.deallocate() }
      var position = offset
      while position < file.size {
        let part = UnsafeMutableRawBufferPointer(
          rebasing: piece[..<min(piece.count, file.size - position)])
        try file.fill(part, from: position)
        try body(UnsafeRawBufferPointer(part).bytes)
        position += part.count
      }
    }
  }
}
