import Glibc

/// Files that are either wholly there or not at all, also after a power cut: written under another
/// name, synced, renamed, and the folder synced.
package enum DurableFile {
  /// Suffix of a file that is still being written; such leftovers of a dead run may be removed.
  package static let partialSuffix = ".partial"

  /// Writes `bytes` as the new content of `path`.
  ///
  /// - Parameter former: whose mode the file gets, and whose owner where that is allowed.
  /// A failed fsync is final: the kernel may have dropped the data, so the partial file is removed
  /// and the caller must stop or write a fresh one.
  ///
  /// - Throws: `StoreError` naming the operation that failed; what stood under `path` is untouched,
  ///   unless only the sync of the folder failed, behind the rename.
  package static func write(
    _ bytes: [UInt8], to path: String, like former: stat? = nil
  ) throws(StoreError) {
    try prepare(bytes, for: path, like: former)
    try commit(path, needed: bytes.count)
  }

  /// Writes `bytes` as the new content of `path`, which is whole at any time, and does not wait for the disk: for
  /// what can be made again where a power cut takes it.
  ///
  /// - Throws: `StoreError`; what stood under `path` is untouched.
  package static func replace(_ bytes: [UInt8], at path: String) throws(StoreError) {
    try prepare(bytes, for: path, like: nil, syncs: false)
    let partial = path + partialSuffix
    do {
      _ = try StoreError.check("rename", path, needed: bytes.count) { rename(partial, path) }
    } catch {
      _ = unlink(partial)
      throw error
    }
  }

  /// Writes `files`, which belong together: each is whole and synced beside its place before the first of
  /// them takes it, so that a full disk changes none of them.
  ///
  /// - Throws: `StoreError` as `write` does.
  package static func write(
    all files: [(path: String, bytes: [UInt8], former: stat?)]
  ) throws(StoreError) {
    for (index, file) in files.enumerated() {
      do throws(StoreError) {
        try prepare(file.bytes, for: file.path, like: file.former)
      } catch {
        for earlier in files[..<index] { _ = unlink(earlier.path + partialSuffix) }
        throw error
      }
    }
    for (index, file) in files.enumerated() {
      do throws(StoreError) {
        try commit(file.path, needed: file.bytes.count)
      } catch {
        for later in files[index...] { _ = unlink(later.path + partialSuffix) }
        throw error
      }
    }
  }

  /// Writes `bytes` into the partial file of `path`, and syncs it unless that is not wanted.
  private static func prepare(
    _ bytes: [UInt8], for path: String, like former: stat?, syncs: Bool = true
  ) throws(StoreError) {
    let partial = path + partialSuffix
    _ = unlink(partial)
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let descriptor = try StoreError.check("create", partial, needed: bytes.count) {
      open(partial, flags, former == nil ? 0o644 : 0o600)
    }
    do {
      if let former {
        _ = fchown(descriptor, former.st_uid, former.st_gid)
        _ = try StoreError.check("chmod", partial) { fchmod(descriptor, former.st_mode & 0o777) }
      }
      try writeAll(bytes, to: descriptor, path: partial)
      if syncs {
        _ = try StoreError.check("fsync", partial, needed: bytes.count) { fsync(descriptor) }
      }
    } catch {
      _ = close(descriptor)
      _ = unlink(partial)
      throw error
    }
    do {
      _ = try StoreError.check("close", partial, needed: bytes.count) { closeOnce(descriptor) }
    } catch {
      _ = unlink(partial)
      throw error
    }
  }

  /// Puts the partial file of `path` in its place.
  private static func commit(_ path: String, needed: Int) throws(StoreError) {
    let partial = path + partialSuffix
    do {
      _ = try StoreError.check("rename", path, needed: needed) { rename(partial, path) }
    } catch {
      _ = unlink(partial)
      throw error
    }
    try syncFolder(of: path)
  }

  /// Appends `bytes` to `path`, which is created when missing, with one write where the system takes
  /// it whole; what a failed write took of them is cut off again.
  ///
  /// - Parameter syncs: whether the bytes are on disk on return; not for logs, of which the last line may
  ///   be lost.
  package static func append(
    _ bytes: [UInt8], to path: String, syncs: Bool = false
  ) throws(StoreError) {
    // Non-blocking, so that opening a pipe nobody reads from does not hang.
    let descriptor = try StoreError.check("open", path, needed: bytes.count) {
      open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    }
    var status = stat()
    let isSized = fstat(descriptor, &status) == 0
    if isSized, status.st_mode & S_IFMT != S_IFREG {
      _ = close(descriptor)
      throw StoreError(operation: "append", path: path, code: EINVAL)
    }
    do {
      try writeAll(bytes, to: descriptor, path: path)
      if syncs {
        _ = try StoreError.check("fsync", path, needed: bytes.count) { fsync(descriptor) }
      }
    } catch {
      if isSized { _ = ftruncate(descriptor, status.st_size) }
      _ = close(descriptor)
      throw error
    }
    _ = try StoreError.check("close", path, needed: bytes.count) { closeOnce(descriptor) }
  }

  /// Cuts off what stands behind the last line break of the log `path`: a line that a dead process
  /// could not finish. A log that is not there is fine; so is one without a line break in its last
  /// MiB, which nothing here has written.
  ///
  /// - Throws: `StoreError`.
  package static func removeTornLine(of path: String) throws(StoreError) {
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if descriptor < 0 {
      if errno == ENOENT { return }
      throw StoreError(operation: "open", path: path, code: errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
    let size = Int(status.st_size)
    guard let end = endOfLastLine(descriptor, size: size), end < size else { return }
    _ = try StoreError.check("truncate", path) { ftruncate(descriptor, off_t(end)) }
  }

  /// The position behind the last line break of an open file; nil when it cannot be read, or is not
  /// found in the last MiB.
  private static func endOfLastLine(_ descriptor: Int32, size: Int) -> Int? {
    var block = [UInt8](repeating: 0, count: 4096)
    var end = size
    while end > 0 {
      if size - end >= 1 << 20 { return nil }
      let start = max(0, end - block.count)
      guard pread(descriptor, &block, end - start, off_t(start)) == end - start else { return nil }
      if let position = block[..<(end - start)].lastIndex(of: UInt8(ascii: "\n")) {
        return start + position + 1
      }
      end = start
    }
    return 0
  }

  /// Makes `path` a symbolic link to `target`, swapping it atomically.
  package static func link(_ path: String, to target: String) throws(StoreError) {
    let partial = path + partialSuffix
    _ = unlink(partial)
    _ = try StoreError.check("symlink", partial) { symlink(target, partial) }
    _ = try StoreError.check("rename", path) { rename(partial, path) }
    try syncFolder(of: path)
  }

  /// Renames `path` to `newPath` in the same folder and syncs that.
  package static func move(_ path: String, to newPath: String) throws(StoreError) {
    _ = try StoreError.check("rename", path) { rename(path, newPath) }
    try syncFolder(of: path)
  }

  /// Removes `path` and syncs its folder; a file that is not there is fine.
  package static func remove(_ path: String) throws(StoreError) {
    if unlink(path) != 0 {
      if errno == ENOENT { return }
      throw StoreError(operation: "remove", path: path, code: errno)
    }
    try syncFolder(of: path)
  }

  /// Makes the entries of `path`'s folder durable.
  package static func syncFolder(of path: String) throws(StoreError) {
    let folder = FilePaths.folder(of: path)
    let descriptor = try StoreError.check("open", folder) {
      open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    do {
      _ = try StoreError.check("fsync", folder) { fsync(descriptor) }
    } catch {
      _ = close(descriptor)
      throw error
    }
    _ = close(descriptor)
  }

  /// `write` may take fewer bytes than it was given, or be interrupted by a signal, or find a pipe
  /// full that does not wait: go on until all are taken.
  ///
  /// - Parameter keeps: whether what is written stays there, as in a file.
  package static func writeAll(
    _ bytes: [UInt8], to descriptor: Int32, path: String, keeps: Bool = true
  ) throws(StoreError) {
    func failure(_ code: Int32) -> StoreError {
      keeps
        ? StoreError(operation: "write", path: path, code: code, needed: bytes.count)
        : StoreError(sendingTo: path, code: code)
    }
    var written = 0
    while written < bytes.count {
      let taken = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      if taken < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { throw failure(errno) }
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&ready, 1, -1)
        continue
      }
      if taken == 0 { throw failure(ENOSPC) }
      written += taken
    }
  }

  /// On Linux the descriptor is gone even when `close` was interrupted.
  private static func closeOnce(_ descriptor: Int32) -> Int32 {
    let status = close(descriptor)
    return status != 0 && errno == EINTR ? 0 : status
  }
}
