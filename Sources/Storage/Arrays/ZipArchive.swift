/// A zip archive in memory, as far as NPZ files need it: stored and deflated entries.
///
/// Sizes come from the central directory (local headers may leave them out). Every offset is
/// checked before use, an entry is unpacked on request only and to exactly the size stated for it,
/// and its CRC-32 is verified. Zip64, encryption and archives in several parts are refused.
package struct ZipArchive: Sendable {
  /// One file of the archive.
  package struct Entry: Sendable, Equatable {
    /// As the archive has it, such as `inputs.npy`.
    package let name: String
    let flags: Int
    let method: Int
    let crc: UInt32
    let packedSize: Int
    /// Bytes that it unpacks to.
    package let size: Int
    /// Where its local header begins.
    let offset: Int
  }

  /// The files in the order of the directory.
  package let entries: [Entry]
  private let bytes: [UInt8]
  private let file: String
  private let directory: Int

  /// Whether `bytes` begin as an archive with at least one entry, or as an empty one.
  package static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }

  /// Reads the directory of an archive.
  /// - Throws: `ArrayFileError`.
  package init(_ bytes: [UInt8], file: String) throws(ArrayFileError) {
    guard Self.matches(bytes) else { throw .otherFormat(file, expected: "NPZ") }
    let end = try Self.endRecord(bytes, file: file)
    let disks = [4, 6].map { Self.word(bytes, end + $0, 2) }
    let counts = [8, 10].map { Self.word(bytes, end + $0, 2) }
    let size = Self.word(bytes, end + 12, 4)
    let start = Self.word(bytes, end + 16, 4)
    guard counts[0] != 0xffff, size != 0xffff_ffff, start != 0xffff_ffff else {
      throw Self.zip64(file)
    }
    guard disks == [0, 0], counts[0] == counts[1] else {
      throw .unsupported(file, "NPZ", feature: "an archive in several parts")
    }
    guard start + size == end else {
      throw Self.failure(file, "its directory is not where it should be")
    }
    var position = start
    var entries: [Entry] = []
    for _ in 0..<counts[0] {
      let (entry, next) = try Self.entry(bytes, at: position, end: end, file: file)
      guard entry.offset < start else { throw Self.failure(file, "an entry lies outside it") }
      entries.append(entry)
      position = next
    }
    guard position == end else { throw Self.failure(file, "its directory has another length") }
    self.entries = entries
    self.bytes = bytes
    self.file = file
    self.directory = start
  }

  /// The unpacked content of an entry.
  /// - Throws: `ArrayFileError` where sizes or checksum are not as stated, or exceed `limit`.
  package func content(of entry: Entry, limit: Int) throws(ArrayFileError) -> [UInt8] {
    let place = "\(file):\(entry.name)"
    guard entry.flags & 1 == 0 else {
      throw .unsupported(place, "NPZ", feature: "encryption")
    }
    guard entry.size <= limit else {
      throw .tooLarge(place, bytes: entry.size, limit: limit)
    }
    guard entry.offset + 30 <= directory, Self.word(bytes, entry.offset, 4) == 0x0403_4b50 else {
      throw Self.failure(place, "no local header")
    }
    let start =
      entry.offset + 30 + Self.word(bytes, entry.offset + 26, 2)
      + Self.word(bytes, entry.offset + 28, 2)
    guard start + entry.packedSize <= directory else {
      throw Self.failure(place, "it reaches beyond the archive")
    }
    let range = start..<(start + entry.packedSize)
    let content = try unpack(range, of: entry, place: place)
    guard Inflate.crc32(content.span) == entry.crc else {
      throw Self.failure(place, "its checksum differs")
    }
    return content
  }

  /// The bytes of `range` as the entry's method unpacks them.
  private func unpack(
    _ range: Range<Int>, of entry: Entry, place: String
  ) throws(ArrayFileError) -> [UInt8] {
    switch entry.method {
    case 0:
      guard entry.size == range.count else { throw Self.failure(place, "two sizes") }
      return Array(bytes[range])
    case 8:
      do throws(CompressionError) {
        return try Inflate.inflate(bytes, range, size: entry.size)
      } catch {
        throw .compression(place, error)
      }
    default:
      throw .unsupported(place, "NPZ", feature: "compression method \(entry.method)")
    }
  }

  /// Where the end record begins: the last place whose comment reaches to the end of the file.
  private static func endRecord(_ bytes: [UInt8], file: String) throws(ArrayFileError) -> Int {
    let first = max(0, bytes.count - 22 - 0xffff)
    var position = bytes.count - 22
    while position >= first {
      if word(bytes, position, 4) == 0x0605_4b50,
        position + 22 + word(bytes, position + 20, 2) == bytes.count
      {
        let isZip64 = position >= 20 && word(bytes, position - 20, 4) == 0x0706_4b50
        if isZip64 { throw zip64(file) }
        return position
      }
      position -= 1
    }
    throw failure(file, "its end is missing")
  }

  /// The directory record at `position` and where the next one begins.
  private static func entry(
    _ bytes: [UInt8], at position: Int, end: Int, file: String
  ) throws(ArrayFileError) -> (Entry, next: Int) {
    guard position + 46 <= end, word(bytes, position, 4) == 0x0201_4b50 else {
      throw failure(file, "its directory is cut short")
    }
    let nameEnd = position + 46 + word(bytes, position + 28, 2)
    let next = nameEnd + word(bytes, position + 30, 2) + word(bytes, position + 32, 2)
    guard next <= end else { throw failure(file, "its directory is cut short") }
    let packedSize = word(bytes, position + 20, 4)
    let size = word(bytes, position + 24, 4)
    let offset = word(bytes, position + 42, 4)
    guard ![packedSize, size, offset].contains(0xffff_ffff) else { throw zip64(file) }
    let entry = Entry(
      name: String(decoding: bytes[(position + 46)..<nameEnd], as: UTF8.self),
      flags: word(bytes, position + 8, 2), method: word(bytes, position + 10, 2),
      crc: UInt32(word(bytes, position + 16, 4)), packedSize: packedSize, size: size,
      offset: offset)
    return (entry, next)
  }

  /// A little-endian number of `size` bytes.
  private static func word(_ bytes: [UInt8], _ position: Int, _ size: Int) -> Int {
    var value = 0
    for i in (0..<size).reversed() { value = value << 8 | Int(bytes[position + i]) }
    return value
  }

  private static func failure(_ place: String, _ reason: String) -> ArrayFileError {
    .malformed(place, "NPZ", reason: reason)
  }

  private static func zip64(_ file: String) -> ArrayFileError {
    .unsupported(file, "NPZ", feature: "the zip64 form (over 4 GiB)")
  }
}
