/// The content of a data file: in memory, or in a file that is read in pieces, so that it never lies in
/// memory beside what is made of it.
package enum FileContent {
  case memory([UInt8])
  case file(StoredFile)
  /// Unpacked while it is read.
  case packed(PackedFile)

  /// Bytes of a piece of a file; a multiple of the size of every element.
  package static let pieceSize = 1 << 20

  /// The first `length` bytes, or all where there are fewer.
  /// - Throws: `DatasetError`.
  func prefix(_ length: Int) throws(DatasetError) -> [UInt8] {
    switch self {
    case .memory(let bytes): return Array(bytes.prefix(length))
    case .file(let file): return try file.bytes(0..<min(length, file.size))
    case .packed(let file):
      let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 64)
      defer { piece.deallocate() }
      return Array(piece[..<(try file.reader().fill(piece))])
    }
  }

  /// All bytes.
  /// - Throws: `DatasetError`.
  func whole() throws(DatasetError) -> [UInt8] {
    switch self {
    case .memory(let bytes): bytes
    case .file(let file): try file.bytes(0..<file.size)
    case .packed(let file): try file.unpacked()
    }
  }

  /// Number of bytes: as an archive has it, which reading verifies; another compressed file is unpacked once to
  /// count them.
  /// - Throws: `DatasetError`.
  func count() throws(DatasetError) -> Int {
    switch self {
    case .memory(let bytes): return bytes.count
    case .file(let file): return file.size
    case .packed(let file):
      if let size = file.stated?.size { return size }
      return try file.reader().skip(to: .max)
    }
  }

  /// Calls `body` with the bytes from `offset` on, piece by piece: all but the last have `pieceSize`
  /// bytes, or there is one only.
  /// - Throws: `DatasetError`, of reading or of `body`.
  func forEachPiece(
    from offset: Int, _ body: (RawSpan) throws(DatasetError) -> Void
  ) throws(DatasetError) {
    if case .memory(let bytes) = self {
      return try body(bytes.span.bytes.extracting(droppingFirst: offset))
    }
    var reader = ContentReader(self, from: offset)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = try reader.fill(piece)
      if count == 0 { return }
      try body(UnsafeRawBufferPointer(rebasing: piece[..<count]).bytes)
    }
  }
}

/// Reads a content from front to back. A copy goes on by itself.
struct ContentReader {
  private let content: FileContent
  /// The place of the next byte.
  private(set) var position: Int
  /// Stands at `position`, unless a copy has taken it further.
  private var unpacking: PackedReader?

  init(_ content: FileContent, from position: Int) {
    self.content = content
    self.position = position
  }

  /// Where bytes can be read without those before them; nil elsewhere.
  var file: StoredFile? { if case .file(let file) = content { file } else { nil } }

  /// Fills `buffer` with the next bytes and returns how many there were: fewer at the end only.
  /// - Throws: `DatasetError`.
  mutating func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var count = 0
    switch content {
    case .memory(let bytes):
      count = min(buffer.count, bytes.count - position)
      buffer.copyBytes(from: bytes[position..<(position + count)])
    case .file(let file):
      count = max(0, min(buffer.count, file.size - position))
      try file.fill(UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), from: position)
    case .packed(let file):
      let reader: PackedReader
      if let unpacking, unpacking.position == position {
        reader = unpacking
      } else {
        reader = try file.reader()
        _ = try reader.skip(to: position)
        unpacking = reader
      }
      count = try reader.fill(buffer)
    }
    position += count
    return count
  }
}
