import Storage

/// A data file: its bytes, decompressed where its name ends in `.gz` or `.zst`; of a pipe,
/// where its content begins like that.
package enum DataFile {
  /// Largest file, and largest decompressed content, that is read unless told otherwise: 8 GiB, or
  /// what the machine allows for one file.
  package static let defaultLimit = min(8 << 30, MemoryAllowance.perFile)

  /// The content of the file at `path`.
  ///
  /// Memory: the file and its content, each at most `limit` bytes; the compressed bytes are
  /// released on return.
  /// - Throws: `DatasetError`, naming the file.
  package static func read(
    _ path: String, limit: Int = defaultLimit
  ) throws(DatasetError) -> [UInt8] {
    let isStream = NamedFile(path).isStream
    let stored = try isStream ? streamed(path, limit: limit) : whole(path, limit: limit)
    let name = isStream ? suffix(of: stored) : path.lowercased()
    do throws(CompressionError) {
      if name.hasSuffix(".gz") { return try Inflate.gunzip(stored.span, limit: limit) }
      if name.hasSuffix(".zst") { return try Zstd.decompress(stored.span, limit: limit) }
    } catch {
      throw .file(path, .compression(error))
    }
    return stored
  }

  /// The content of the file at `path` for a reader that can do with pieces; of a pipe it lies in memory.
  /// - Throws: `DatasetError`, naming the file.
  package static func content(_ path: String, limit: Int) throws(DatasetError) -> FileContent {
    let name = path.lowercased()
    if NamedFile(path).isStream { return .memory(try read(path, limit: limit)) }
    if name.hasSuffix(".gz") { return .packed(try PackedFile(path, .gzip, limit: limit)) }
    if name.hasSuffix(".zst") { return .packed(try PackedFile(path, .zstd, limit: limit)) }
    return .file(try StoredFile(path, limit: limit))
  }

  private static func whole(_ path: String, limit: Int) throws(DatasetError) -> [UInt8] {
    let file = try StoredFile(path, limit: limit)
    return try file.bytes(0..<file.size)
  }

  /// What a pipe gives.
  private static func streamed(_ path: String, limit: Int) throws(DatasetError) -> [UInt8] {
    do throws(StoreError) {
      return try NamedFile(path).read(limit: limit)
    } catch {
      throw StoredFile.failure(error, path: path, limit: limit)
    }
  }

  /// The suffix that the name of such content would have: a pipe's says nothing.
  private static func suffix(of content: [UInt8]) -> String {
    if content.starts(with: [0x1f, 0x8b]) { return ".gz" }
    return content.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) ? ".zst" : ""
  }
}
