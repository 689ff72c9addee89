import Glibc

/// The right to write to what a lock file stands for: an exclusive `flock` that ends with the process,
/// however it ends. The descriptor closes on exec, so that no child keeps it.
///
/// A class, because it owns a file descriptor.
package final class FileLock {
  private let descriptor: Int32
  private let path: String

  /// Takes the lock at `path`, creating the file when missing; what the file says of its holder is
  /// for people only.
  ///
  /// - Throws: `LockHeld` with what the holder wrote, when another process has it; `StoreError`, also where something else than a file stands at `path`.
  package init(path: String, startedAt: String) throws {
    var locked = try FileLock.lockedDescriptor(path)
    // A lock on a file that somebody has removed meanwhile keeps nobody out.
    while !FileLock.isFile(locked, at: path) {
      close(locked)
      locked = try FileLock.lockedDescriptor(path)
    }
    descriptor = locked
    self.path = path
    let text = Array("pid \(getpid()) on \(HostName.current) since \(startedAt)\n".utf8)
    _ = text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress!, text.count, 0) }
    _ = ftruncate(descriptor, off_t(text.count))
  }

  /// Lets go at once: closing alone would wait for a child that was just started and has a copy of the
  /// descriptor until its exec.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Makes sure, before anything is written by this right, that the lock file still stands where it was
  /// taken: where it does not, another process may have taken a lock there.
  ///
  /// - Throws: `LockLost`.
  package func demandPlace() throws(LockLost) {
    if !FileLock.isFile(descriptor, at: path) { throw LockLost(path: path) }
  }

  /// Whether some process holds the lock at `path` now.
  package static func isHeld(path: String) -> Bool {
    // Non-blocking, so that opening a pipe that nobody writes to does not hang.
    let probe = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if probe < 0 { return false }
    defer { close(probe) }
    guard isRegular(probe) else { return false }
    if flock(probe, LOCK_SH | LOCK_NB) == 0 {
      flock(probe, LOCK_UN)
      return false
    }
    return errno == EWOULDBLOCK
  }

  /// Opens and locks the file at `path`.
  private static func lockedDescriptor(_ path: String) throws -> Int32 {
    let descriptor = try StoreError.check("open", path) {
      open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
    }
    guard isRegular(descriptor) else {
      close(descriptor)
      throw StoreError(operation: "lock", path: path, code: EINVAL)
    }
    var code = tryLock(descriptor)
    // Somebody asking whether it is held holds the lock for an instant.
    for _ in 0..<3 where code == EWOULDBLOCK {
      usleep(15_000)
      code = tryLock(descriptor)
    }
    if code == 0 { return descriptor }
    let holder = text(of: descriptor)
    close(descriptor)
    guard code == EWOULDBLOCK else {
      throw StoreError(operation: "lock", path: path, code: code)
    }
    throw LockHeld(path: path, holder: holder)
  }

  /// Whether the name `path` is still that of the open file `descriptor`.
  static func isFile(_ descriptor: Int32, at path: String) -> Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && lstat(path, &named) == 0
      && own.st_ino == named.st_ino && own.st_dev == named.st_dev
  }

  private static func isRegular(_ descriptor: Int32) -> Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// 0, or the system's error number.
  private static func tryLock(_ descriptor: Int32) -> Int32 {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
  }

  private static func text(of descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    return String(text.prefix { $0 != "\n" })
  }
}

/// Another process has the lock at `path`.
package struct LockHeld: Error, Equatable {
  /// The lock file.
  package let path: String
  /// What the holder wrote about itself; empty where it wrote nothing.
  package let holder: String

  /// A lock that cannot be had now.
  package init(path: String, holder: String) {
    self.path = path
    self.holder = holder
  }
}

extension LockHeld: CustomStringConvertible {
  package var description: String {
    "\(path): another process has this lock (\(holder.isEmpty ? "holder unknown" : holder)); "
      + "wait for it or end it"
  }
}

/// The lock file at `path` was moved or removed while this process relied on it.
package struct LockLost: Error, Equatable {
  package let path: String

  /// A lock that keeps nobody out any more.
  package init(path: String) { self.path = path }
}

extension LockLost: CustomStringConvertible {
  package var description: String {
    "\(path): this lock file was moved or removed, so another process may have taken the lock by now; "
      + "nothing more is written; where none has, the same command goes on"
  }
}
