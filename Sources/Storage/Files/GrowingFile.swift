import Glibc

/// A file that is written from front to back, because it is too large to lie in memory before: it takes its place
/// when it is whole, and is gone where it does not become so. What a process that was killed has left of one goes when
/// the next one of that path begins.
///
/// A class, because it owns a descriptor.
package final class GrowingFile {
  package let path: String
  private let partial: String
  private let descriptor: Int32
  private var isCommitted = false

  /// Begins a file that is to be at `path`.
  /// - Throws: `StoreError`.
  package init(for path: String) throws(StoreError) {
    self.path = path
    var found: (path: String, descriptor: Int32)?
    var code = EEXIST
    for candidate in DurableFile.partialPaths(of: path) {
      Self.removeAbandoned(candidate)
      if found == nil, code == EEXIST {
        let descriptor = Self.begun(candidate)
        if descriptor < 0 { code = errno } else { found = (candidate, descriptor) }
      }
    }
    guard let found else { throw StoreError(operation: "create", path: path, code: code) }
    (partial, descriptor) = found
  }

  /// Makes the file `path`, which nobody else takes for an abandoned one; below 0 where there is one, or none can be.
  private static func begun(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
    if descriptor < 0 { return descriptor }
    // Held as long as the descriptor is open. Whoever came first has removed the file, and it is another one's turn.
    _ = flock(descriptor, LOCK_EX)
    if FileLock.isFile(descriptor, at: path) { return descriptor }
    close(descriptor)
    errno = EEXIST
    return -1
  }

  /// Removes the file `path`, if it is there and nobody writes it.
  private static func removeAbandoned(_ path: String) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if descriptor < 0 { return }
    // Its name may be another one's by now.
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0, FileLock.isFile(descriptor, at: path) {
      _ = unlink(path)
    }
    close(descriptor)
  }

  deinit {
    _ = close(descriptor)
    if !isCommitted { _ = unlink(partial) }
  }

  /// - Throws: `StoreError`.
  package func append(_ bytes: [UInt8]) throws(StoreError) {
    try DurableFile.writeAll(bytes, to: descriptor, path: partial)
  }

  /// Writes over what stands at `offset`, which is there already.
  /// - Throws: `StoreError`.
  package func overwrite(_ bytes: [UInt8], at offset: Int) throws(StoreError) {
    var written = 0
    while written < bytes.count {
      let taken = bytes.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress! + written, bytes.count - written, off_t(offset + written))
      }
      if taken < 0, errno == EINTR { continue }
      guard taken > 0 else {
        throw StoreError(operation: "write", path: partial, code: taken < 0 ? errno : ENOSPC)
      }
      written += taken
    }
  }

  /// The bytes of `range` as far as they are there.
  /// - Throws: `StoreError`.
  package func bytes(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var count = 0
    while count < range.count {
      let got = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress! + count, range.count - count,
          off_t(range.lowerBound + count))
      }
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw StoreError(operation: "read", path: partial, code: errno) }
      if got == 0 { break }
      count += got
    }
    return Array(bytes[..<count])
  }

  /// Puts the file in its place, once it is on disk.
  /// - Throws: `StoreError`.
  package func commit() throws(StoreError) {
    _ = try StoreError.check("fsync", partial) { fsync(descriptor) }
    _ = try StoreError.check("rename", path) { rename(partial, path) }
    isCommitted = true
    try DurableFile.syncFolder(of: path)
  }
}
