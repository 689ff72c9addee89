import Glibc

/// Files that are either wholly there or not at all, also after a power cut: written under another
/// name, synced, renamed, and the folder synced.
package enum DurableFile {
  /// Suffix of a file that is still being written; in the folder of a run, such leftovers of a dead one may be
  /// removed.
  package static let partialSuffix = ".partial"

  /// Where the content of `path` may be written before it takes its place, the first that is free. What is there is
  /// another process's that writes the same file, or a dead one's, or the user's, and left alone.
  package static func partialPaths(of path: String) -> [String] {
    (1...100).map { path + ($0 == 1 ? "" : ".\($0)") + partialSuffix }
  }

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
    try commit(prepare(bytes, for: path, like: former), as: path, needed: bytes.count)
    try syncFolder(of: path)
  }

  /// Writes `bytes` as the new content of `path`, which is whole at any time, and does not wait for the disk: for
  /// what can be made again where a power cut takes it.
  ///
  /// - Throws: `StoreError`; what stood under `path` is untouched.
  package static func replace(_ bytes: [UInt8], at path: String) throws(StoreError) {
    try commit(
      prepare(bytes, for: path, like: nil, syncs: false), as: path, needed: bytes.count)
  }

  /// Writes `files`, which belong together: each is whole and synced beside its place before the first of
  /// them takes it, so that a full disk changes none of them.
  ///
  /// - Throws: `StoreError` as `write` does.
  package static func write(
    all files: [(path: String, bytes: [UInt8], former: stat?)]
  ) throws(StoreError) {
    var partials: [String] = []
    do throws(StoreError) {
      for file in files {
        partials.append(try prepare(file.bytes, for: file.path, like: file.former))
      }
      for file in files {
        try commit(partials.removeFirst(), as: file.path, needed: file.bytes.count)
        try syncFolder(of: file.path)
      }
    } catch {
      for partial in partials { _ = unlink(partial) }
      throw error
    }
  }

  /// Writes `bytes` into a partial file of `path`, and syncs it unless that is not wanted.
  ///
  /// - Returns: the path of that file, which nobody else has.
  private static func prepare(
    _ bytes: [UInt8], for path: String, like former: stat?, syncs: Bool = true
  ) throws(StoreError) -> String {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    let (partial, descriptor) = try claim(path, "create", needed: bytes.count) {
      open($0, flags, former == nil ? 0o644 : 0o600)
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
    return partial
  }

  /// Makes something at the first free partial path of `path`.
  ///
  /// - Parameter make: makes it at a path unless something is there; below 0 for an error.
  /// - Returns: where it is, and what `make` gave.
  private static func claim(
    _ path: String, _ operation: String, needed: Int? = nil, _ make: (String) -> Int32
  ) throws(StoreError) -> (partial: String, result: Int32) {
    let candidates = partialPaths(of: path)
    for (index, partial) in candidates.enumerated() {
      do throws(StoreError) {
        return (partial, try StoreError.check(operation, partial, needed: needed) { make(partial) })
      } catch {
        guard error.code == EEXIST, index < candidates.count - 1 else { throw error }
      }
    }
    preconditionFailure("the last one is tried, too")
  }

  /// Puts the partial file `partial` in the place of `path`.
  private static func commit(
    _ partial: String, as path: String, needed: Int?
  ) throws(StoreError) {
    do {
      _ = try StoreError.check("rename", path, needed: needed) { rename(partial, path) }
    } catch {
      _ = unlink(partial)
      throw error
    }
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
    let (partial, _) = try claim(path, "symlink") { symlink(target, $0) }
    try commit(partial, as: path, needed: nil)
    try syncFolder(of: path)
  }

  /// Renames `path` to `newPath` in the same folder and syncs that.
  package static func move(_ path: String, to newPath: String) throws(StoreError) {
    _ = try StoreError.check("rename", path) { rename(path, newPath) }
    try syncFolder(of: path)
  }

  /// Makes the bytes of the file `path` free; its name stays.
  package static func empty(_ path: String) throws(StoreError) {
    let descriptor = try StoreError.check("open", path) {
      open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    }
    defer { close(descriptor) }
    _ = try StoreError.check("truncate", path) { ftruncate(descriptor, 0) }
    _ = try StoreError.check("fsync", path) { fsync(descriptor) }
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
