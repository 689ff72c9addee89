import Glibc

/// A data file: its bytes, decompressed where its name ends in `.gz` or `.zst`.
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
    let stored = try readStored(path, limit: limit)
    let name = path.lowercased()
    do throws(CompressionError) {
      if name.hasSuffix(".gz") { return try Inflate.gunzip(stored.span, limit: limit) }
      if name.hasSuffix(".zst") { return try Zstd.decompress(stored.span, limit: limit) }
    } catch {
      throw .file(path, .compression(error))
    }
    return stored
  }

  /// The bytes as they lie on disk.
  private static func readStored(_ path: String, limit: Int) throws(DatasetError) -> [UInt8] {
    // Non-blocking, so that opening a pipe nobody writes to does not hang.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .file(path, .missing) }
      throw .file(path, .unreadable(reason: String(cString: strerror(errno))))
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      throw .file(path, .unreadable(reason: String(cString: strerror(errno))))
    }
    guard information.st_mode & S_IFMT == S_IFREG else { throw .file(path, .notRegular) }
    let size = Int(information.st_size)
    guard size <= limit else { throw .file(path, .tooLarge(bytes: size, limit: limit)) }

    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Glibc.read(descriptor, buffer.baseAddress! + count, size - count)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        count += got
      }
    }
    guard failure == 0 else {
      throw .file(path, .unreadable(reason: String(cString: strerror(failure))))
    }
    guard bytes.count == size else { throw .file(path, .changedWhileReading) }
    return bytes
  }
}
