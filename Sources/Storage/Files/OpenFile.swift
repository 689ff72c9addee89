import Glibc

/// A regular file that is open for reading; closed with the last reference to it.
///
/// A class, because it owns a descriptor.
package final class OpenFile: Sendable {
  package let path: String
  /// Bytes that it had when it was opened.
  package let size: Int
  /// Its last change then, nanoseconds since 1970.
  private let modified: Int
  /// When anything was written of it, times too, and under how many names it was there.
  private let (changed, names): (Int, UInt64)
  private let descriptor: Int32

  /// Opens the file at `path`, of at most `limit` bytes.
  /// - Throws: `StoreError`: `EISDIR` or `EINVAL` for what is no regular file; `EFBIG`, with the size as
  ///   what is needed, above the limit.
  package init(_ path: String, limit: Int = .max) throws(StoreError) {
    // Non-blocking, so that opening a pipe nobody writes to does not hang.
    let descriptor = try StoreError.check("open", path) {
      open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    }
    self.path = path
    self.descriptor = descriptor
    var status = stat()
    let failed = fstat(descriptor, &status) != 0
    size = failed ? 0 : Int(status.st_size)
    modified = failed ? 0 : status.modified
    (changed, names) = failed ? (0, 0) : (status.changed, UInt64(status.st_nlink))
    if failed { throw StoreError(operation: "look at", path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw StoreError(operation: "read", path: path, code: isFolder ? EISDIR : EINVAL)
    }
    if size > limit {
      throw StoreError(operation: "read", path: path, code: EFBIG, needed: size)
    }
  }

  deinit { close(descriptor) }

  /// Whether somebody has written into it since it was opened, as far as size and time of change say.
  package var hasChanged: Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return true }
    if Int(status.st_size) != size || status.modified != modified { return true }
    // Whoever puts the time of the last change back changes this one. Another file in its place does, too.
    return status.changed != changed && UInt64(status.st_nlink) == names
  }

  /// Fills `buffer` with the bytes from `offset` on and returns how many there were: fewer where the
  /// file has become shorter.
  /// - Throws: `StoreError`.
  package func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(StoreError) -> Int {
    var count = 0
    while count < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      if got < 0 { throw StoreError(operation: "read", path: path, code: errno) }
      if got == 0 { break }
      count += got
    }
    return count
  }

  /// The bytes of `range`; fewer where the file has become shorter.
  /// - Throws: `StoreError`.
  package func bytes(_ range: Range<Int>) throws(StoreError) -> [UInt8] {
    var failure: StoreError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(StoreError) {
        // The capacity may be larger than was asked for.
        let wanted = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
        count = try fill(wanted, from: range.lowerBound)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// The last `count` bytes of the log at `path`, or all of it; empty where it cannot be read.
  package static func end(of path: String, count: Int) -> [UInt8] {
    guard let file = try? OpenFile(path) else { return [] }
    return (try? file.bytes(max(0, file.size - count)..<file.size)) ?? []
  }
}

extension stat {
  /// The time of the last change, in nanoseconds since 1970.
  fileprivate var modified: Int { st_mtim.tv_sec * 1_000_000_000 + st_mtim.tv_nsec }
  /// The time of the last change of its content or of what is known of it, likewise.
  fileprivate var changed: Int { st_ctim.tv_sec * 1_000_000_000 + st_ctim.tv_nsec }
}
