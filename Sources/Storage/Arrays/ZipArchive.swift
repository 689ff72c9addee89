/// A zip archive, as far as NPZ files need it: stored and deflated entries.
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

  /// Where an entry lies, and how.
  package struct Place: Sendable, Equatable {
    /// Its packed bytes.
    package let range: Range<Int>
    /// Nil where it is stored as it is.
    package let format: CompressionError.Format?
    /// Bytes that it unpacks to, and their CRC-32.
    package let size: Int
    package let crc: UInt32
  }

  /// The bytes of a range of the archive; nil where they cannot be read.
  package typealias Reading = (Range<Int>) -> [UInt8]?

  /// The files in the order of the directory.
  package let entries: [Entry]
  private let file: String
  private let directory: Int

  /// Whether `bytes` begin as an archive with at least one entry, or as an empty one.
  package static func matches(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }

  /// Reads the directory of an archive in memory.
  /// - Throws: `ArrayFileError`.
  package init(_ bytes: [UInt8], file: String) throws(ArrayFileError) {
    try self.init(size: bytes.count, file: file) { Array(bytes[$0]) }
  }

  /// Reads the directory of an archive of `size` bytes.
  /// - Throws: `ArrayFileError`.
  package init(size: Int, file: String, _ read: Reading) throws(ArrayFileError) {
    guard let start = read(0..<min(4, size)), Self.matches(start) else {
      throw .otherFormat(file, expected: "NPZ")
    }
    let record = try Self.endRecord(size, file: file, read)
    self.file = file
    directory = record.start
    guard let bytes = read(record.start..<record.end) else { throw Self.changed(file) }
    var position = 0
    var entries: [Entry] = []
    for _ in 0..<record.count {
      let (entry, next) = try Self.entry(bytes, at: position, file: file)
      guard entry.offset < record.start else {
        throw Self.failure(file, "an entry lies outside it")
      }
      entries.append(entry)
      position = next
    }
    guard position == bytes.count else {
      throw Self.failure(file, "its directory has another length")
    }
    // Programs differ in which of them they take.
    var names: Set<String> = []
    for entry in entries where !names.insert(entry.name).inserted {
      throw Self.failure(
        Self.place(of: entry, in: file), "the archive has two entries of this name")
    }
    self.entries = entries
  }

  /// The unpacked content of an entry of the archive `bytes`.
  /// - Throws: `ArrayFileError` where sizes or checksum are not as stated, or exceed `limit`.
  package func content(
    of entry: Entry, in bytes: [UInt8], limit: Int
  ) throws(ArrayFileError) -> [UInt8] {
    let name = place(of: entry)
    let place = try self.place(of: entry, limit: limit) { Array(bytes[$0]) }
    let content = try Self.unpack(bytes, place, name)
    guard Inflate.crc32(content.span) == place.crc else { throw Self.otherChecksum(name) }
    return content
  }

  private static func unpack(
    _ bytes: [UInt8], _ place: Place, _ name: String
  ) throws(ArrayFileError) -> [UInt8] {
    guard place.format != nil else { return Array(bytes[place.range]) }
    do throws(CompressionError) {
      return try Inflate.inflate(bytes, place.range, size: place.size)
    } catch {
      throw .compression(name, error)
    }
  }

  /// How messages name an entry.
  package func place(of entry: Entry) -> String { Self.place(of: entry, in: file) }

  private static func place(of entry: Entry, in file: String) -> String { "\(file):\(entry.name)" }

  /// What is wrong with an entry that has other bytes than were packed.
  package static func otherChecksum(_ place: String) -> ArrayFileError {
    failure(place, "its checksum differs")
  }

  /// Where an entry lies, by what the directory and its own header say.
  /// - Throws: `ArrayFileError` where these cannot be true, or exceed `limit`.
  package func place(
    of entry: Entry, limit: Int, _ read: Reading
  ) throws(ArrayFileError) -> Place {
    let place = place(of: entry)
    guard entry.flags & 1 == 0 else {
      throw .unsupported(place, "NPZ", feature: "encryption")
    }
    guard entry.size <= limit else {
      throw .tooLarge(place, bytes: entry.size, limit: limit)
    }
    guard entry.offset + 30 <= directory else { throw Self.failure(place, "no local header") }
    guard let header = read(entry.offset..<(entry.offset + 30)) else { throw Self.changed(file) }
    guard Self.word(header, 0, 4) == 0x0403_4b50 else {
      throw Self.failure(place, "no local header")
    }
    let start = entry.offset + 30 + Self.word(header, 26, 2) + Self.word(header, 28, 2)
    guard start + entry.packedSize <= directory else {
      throw Self.failure(place, "it reaches beyond the archive")
    }
    switch entry.method {
    case 0:
      guard entry.size == entry.packedSize else { throw Self.failure(place, "two sizes") }
    case 8:
      do throws(CompressionError) {
        try Inflate.check(entry.packedSize, holds: entry.size)
      } catch {
        throw .compression(place, error)
      }
    default:
      throw .unsupported(place, "NPZ", feature: "compression method \(entry.method)")
    }
    return Place(
      range: start..<(start + entry.packedSize), format: entry.method == 0 ? nil : .deflate,
      size: entry.size, crc: entry.crc)
  }

  /// Where the directory begins and ends, and its entries: by the end record, the last place whose comment reaches
  /// to the end of the file.
  private static func endRecord(
    _ size: Int, file: String, _ read: Reading
  ) throws(ArrayFileError) -> (start: Int, end: Int, count: Int) {
    // The record and its comment, and what zip64 puts before.
    let first = max(0, size - 22 - 0xffff - 20)
    guard let bytes = read(first..<size) else { throw changed(file) }
    var position = bytes.count - 22
    while position >= max(0, bytes.count - 22 - 0xffff) {
      if word(bytes, position, 4) == 0x0605_4b50,
        position + 22 + word(bytes, position + 20, 2) == bytes.count
      {
        break
      }
      position -= 1
    }
    guard position >= max(0, bytes.count - 22 - 0xffff) else {
      throw failure(file, "its end is missing")
    }
    let disks = [4, 6].map { word(bytes, position + $0, 2) }
    let counts = [8, 10].map { word(bytes, position + $0, 2) }
    let length = word(bytes, position + 12, 4)
    let start = word(bytes, position + 16, 4)
    let isZip64 = position >= 20 && word(bytes, position - 20, 4) == 0x0706_4b50
    guard !isZip64, counts[0] != 0xffff, length != 0xffff_ffff, start != 0xffff_ffff else {
      throw zip64(file)
    }
    guard disks == [0, 0], counts[0] == counts[1] else {
      throw .unsupported(file, "NPZ", feature: "an archive in several parts")
    }
    guard start + length == first + position else {
      throw failure(file, "its directory is not where it should be")
    }
    return (start, first + position, counts[0])
  }

  /// The directory record at `position` of the directory `bytes` and where the next one begins.
  private static func entry(
    _ bytes: [UInt8], at position: Int, file: String
  ) throws(ArrayFileError) -> (Entry, next: Int) {
    let end = bytes.count
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

  private static func changed(_ file: String) -> ArrayFileError {
    failure(file, "it changed while it was read")
  }

  private static func zip64(_ file: String) -> ArrayFileError {
    .unsupported(file, "NPZ", feature: "the zip64 form (over 4 GiB)")
  }
}
