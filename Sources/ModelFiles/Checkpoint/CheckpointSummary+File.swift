import Glibc

extension CheckpointSummary {
  /// Reads header and description of the file at `path`, and no more of it.
  /// - Throws: `CheckpointError`; `unreadable` names the file.
  package init(path: String, digest: ContentDigest) throws(CheckpointError) {
    // Non-blocking, so that opening a pipe nobody writes to does not hang.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.failure(path) }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw Self.failure(path) }
    guard information.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "no regular file")
    }
    let size = Int(information.st_size)
    let first = try Self.read(
      descriptor, count: min(size, SafetensorsHeader.lengthBytes), path: path)
    let needed: Int
    do throws(SafetensorsError) {
      needed = try SafetensorsHeader.bytesNeeded(firstBytes: first, fileSize: size)
    } catch {
      throw .container(error)
    }
    let header = try Self.read(descriptor, count: needed, path: path)
    let start = try Self.read(
      descriptor, count: Self.bytesNeeded(fileStart: header, fileSize: size), path: path)
    try self.init(fileStart: start, fileSize: size, digest: digest)
  }

  /// The first `count` bytes; fewer where the file has become shorter.
  private static func read(
    _ descriptor: Int32, count: Int, path: String
  ) throws(CheckpointError) -> [UInt8] {
    var failed = false
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
      while got < count {
        let part = pread(descriptor, buffer.baseAddress! + got, count - got, off_t(got))
        if part < 0 && errno == EINTR { continue }
        if part < 0 { failed = true }
        if part <= 0 { return }
        got += part
      }
    }
    if failed { throw failure(path) }
    return bytes
  }

  private static func failure(_ path: String) -> CheckpointError {
    .unreadable(path: path, reason: String(cString: strerror(errno)))
  }
}
