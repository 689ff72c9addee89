import Glibc

/// A regular file that is open for reading; closed with the last reference to it.
///
/// A class, because it owns a descriptor.
package final class StoredFile: Sendable {
  let path: String
  /// Bytes that it had when it was opened.
  package let size: Int
  private let descriptor: Int32

  /// Opens the file at `path`, of at most `limit` bytes.
  /// - Throws: `DatasetError`, naming the file.
  package init(_ path: String, limit: Int) throws(DatasetError) {
    // Non-blocking, so that opening a pipe nobody writes to does not hang.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .file(path, .missing) }
      throw .file(path, .unreadable(reason: String(cString: strerror(errno))))
    }
    self.path = path
    self.descriptor = descriptor
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      size = 0
      throw .file(path, .unreadable(reason: String(cString: strerror(errno))))
    }
    size = Int(information.st_size)
    guard information.st_mode & S_IFMT == S_IFREG else { throw .file(path, .notRegular) }
    guard size <= limit else { throw .file(path, .tooLarge(bytes: size, limit: limit)) }
  }

  deinit { close(descriptor) }

  /// The bytes of `range`, which lies within the file's size.
  /// - Throws: `DatasetError`, in particular where the file has become shorter.
  package func bytes(_ range: Range<Int>) throws(DatasetError) -> [UInt8] {
    var failure: DatasetError?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(DatasetError) {
        try fill(
          UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count]), from: range.lowerBound
        )
        count = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `buffer` with the bytes from `offset` on.
  /// - Throws: `DatasetError`, in particular where the file ends before.
  func fill(
    _ buffer: UnsafeMutableRawBufferPointer, from offset: Int
  ) throws(DatasetError) {
    var count = 0
    while count < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress! + count, buffer.count - count, off_t(offset + count))
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else {
        throw .file(path, .unreadable(reason: String(cString: strerror(errno))))
      }
      guard got > 0 else { throw .file(path, .changedWhileReading) }
      count += got
    }
  }
}
