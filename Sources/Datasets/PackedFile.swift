import Storage

/// A compressed file, or one in an archive, whose content is unpacked while it is read.
package struct PackedFile: Sendable {
  /// What an archive says of the content.
  struct Stated: Sendable {
    let size: Int
    let crc: UInt32
  }

  fileprivate let file: StoredFile
  /// How messages name it.
  fileprivate let place: String
  /// Its packed bytes.
  fileprivate let range: Range<Int>
  /// Nil for a file that is stored in an archive as it is.
  fileprivate let format: CompressionError.Format?
  /// Most bytes of content.
  fileprivate let limit: Int
  let stated: Stated?

  /// The file at `path`, of at most `limit` bytes that hold at most as many.
  /// - Throws: `DatasetError`.
  init(_ path: String, _ format: CompressionError.Format, limit: Int) throws(DatasetError) {
    file = try StoredFile(path, limit: limit)
    range = 0..<file.size
    place = path
    self.format = format
    self.limit = limit
    stated = nil
  }

  /// The file at `place` of the archive `file`, which messages call `name`.
  init(_ file: StoredFile, _ name: String, _ place: ZipArchive.Place) {
    self.file = file
    self.place = name
    range = place.range
    format = place.format
    limit = place.size
    stated = Stated(size: place.size, crc: place.crc)
  }

  /// A reader at the begin of the content.
  /// - Throws: `DatasetError`.
  func reader() throws(DatasetError) -> PackedReader { try PackedReader(self) }

  /// The whole content.
  /// - Throws: `DatasetError`.
  func unpacked() throws(DatasetError) -> [UInt8] {
    let reader = try reader()
    var bytes: [UInt8] = []
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: FileContent.pieceSize, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = try reader.fill(piece)
      if count == 0 { return bytes }
      bytes.append(contentsOf: piece[..<count])
    }
  }
}

/// Unpacks a compressed file from front to back. Its memory is that of the packed bytes of a piece and of the
/// decompressor.
///
/// A class, because it owns the state of a decompressor.
final class PackedReader {
  /// Bytes of content that were read.
  private(set) var position = 0

  private let source: PackedFile
  /// Nil for what is stored as it is.
  private let unpacker: (any Unpacker)?
  /// Packed bytes that were read; those before `used` are unpacked.
  private let packed: UnsafeMutableRawBufferPointer
  private var used = 0
  private var available = 0
  /// Where in the file those behind them begin.
  private var offset: Int
  private var crc: UInt32 = 0

  init(_ source: PackedFile) throws(DatasetError) {
    self.source = source
    offset = source.range.lowerBound
    do throws(CompressionError) {
      unpacker = try source.format.map { format throws(CompressionError) in
        try Unpackers.unpacker(of: format)
      }
    } catch {
      throw .file(source.place, .compression(error))
    }
    packed = .allocate(byteCount: 1 << 16, alignment: 64)
  }

  deinit { packed.deallocate() }

  /// Fills `buffer` with the next bytes and returns how many there were: fewer at the end only.
  /// - Throws: `DatasetError`, in particular for damage, which shows when it is reached.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) throws(DatasetError) -> Int {
    var count = 0
    var isEnd = false
    while count < buffer.count, !isEnd {
      let output = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let produced = try unpack(into: output, isEnd: &isEnd)
      guard position + count + produced <= source.limit else {
        throw .file(
          source.place,
          .compression(.overLimit(source.format ?? .deflate, limit: source.limit)))
      }
      count += produced
    }
    if source.stated != nil {
      crc = Inflate.crc32(UnsafeRawBufferPointer(rebasing: buffer[..<count]), behind: crc)
    }
    position += count
    if isEnd { try checkEnd() }
    return count
  }

  /// Passes all bytes before `place`, or all there are, and returns where that is.
  /// - Throws: `DatasetError`.
  func skip(to place: Int) throws(DatasetError) -> Int {
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { piece.deallocate() }
    while position < place {
      let part = UnsafeMutableRawBufferPointer(
        rebasing: piece[..<min(piece.count, place - position)])
      if try fill(part) < part.count { break }
    }
    return position
  }

  /// Takes one step, and notes where there is nothing more.
  private func unpack(
    into output: UnsafeMutableRawBufferPointer, isEnd: inout Bool
  ) throws(DatasetError) -> Int {
    guard let unpacker else {
      let count = min(output.count, source.range.upperBound - offset)
      try source.file.fill(
        UnsafeMutableRawBufferPointer(rebasing: output[..<count]), from: offset)
      offset += count
      isEnd = count == 0
      return count
    }
    let isLast = offset == source.range.upperBound
    let step: (used: Int, produced: Int)
    do throws(CompressionError) {
      step = try unpacker.unpack(
        UnsafeRawBufferPointer(rebasing: packed[used..<available]), isEnd: isLast, into: output)
    } catch {
      throw .file(source.place, .compression(error))
    }
    used += step.used
    if step == (0, 0) {
      isEnd = isLast
      if !isLast { try readOn() }
    }
    return step.produced
  }

  /// Looks at whether the content is the one that an archive says it has.
  private func checkEnd() throws(DatasetError) {
    guard let stated = source.stated else { return }
    guard position == stated.size else {
      throw .file(
        source.place,
        .compression(
          .sizeMismatch(source.format ?? .deflate, expected: stated.size, actual: position)))
    }
    guard crc == stated.crc else { throw DatasetError(ZipArchive.otherChecksum(source.place)) }
  }

  /// Puts packed bytes behind those that are left.
  private func readOn() throws(DatasetError) {
    let left = available - used
    packed.copyMemory(from: UnsafeRawBufferPointer(rebasing: packed[used..<available]))
    let count = min(packed.count - left, source.range.upperBound - offset)
    try source.file.fill(
      UnsafeMutableRawBufferPointer(rebasing: packed[left..<(left + count)]), from: offset)
    (used, available) = (0, left + count)
    offset += count
  }
}
