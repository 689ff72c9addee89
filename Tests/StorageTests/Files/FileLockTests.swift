import Glibc
import Storage
import TestSupport
import Testing

@Suite("FileLock") struct FileLockTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("run.lock") }

  init() throws { folder = try TemporaryFolder() }

  /// A process that holds the lock on `path`, as another run would.
  private func holder() throws -> ChildProcess {
    let process = try ChildProcess(["flock", "--exclusive", "--no-fork", path, "sleep", "600"])
    while !FileLock.isHeld(path: path) {
      try #require(process.isRunning)
      usleep(2_000)
    }
    return process
  }

  @Test("a second lock is refused and told who has the first")
  func second() throws {
    #expect(!FileLock.isHeld(path: path))
    let lock = try FileLock(path: path, startedAt: "2024-01-02T03:04:05Z")
    #expect(FileLock.isHeld(path: path))
    let failure = try #require(throws: LockHeld.self) {
      try FileLock(path: path, startedAt: "later")
    }
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, 255)
    let name = host.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let text = "pid \(getpid()) on \(name) since 2024-01-02T03:04:05Z"
    #expect(failure == LockHeld(path: path, holder: text))
    #expect(
      "\(failure)" == "\(path): another process has this lock (\(text)); wait for it or end it")
    let silent = LockHeld(path: "a.lock", holder: "")
    #expect(
      "\(silent)" == "a.lock: another process has this lock (holder unknown); wait for it or end it"
    )
    withExtendedLifetime(lock) {}
  }

  @Test("a pipe in the lock's place is refused at once", .timeLimit(.minutes(1)))
  func pipe() throws {
    try #require(mkfifo(path, 0o644) == 0)
    #expect(!FileLock.isHeld(path: path))
    #expect(throws: StoreError(operation: "lock", path: path, code: EINVAL)) {
      try FileLock(path: path, startedAt: "now")
    }
  }

  @Test("a lock ends with its last use, and can be taken again")
  func released() throws {
    for start in ["a longer text about when it was", "b"] {
      let lock = try FileLock(path: path, startedAt: start)
      #expect(try folder.text("run.lock").hasSuffix("since \(start)\n"))
      withExtendedLifetime(lock) {}
    }
    #expect(!FileLock.isHeld(path: path))
  }

  @Test("another process has it until it dies, however it dies", .timeLimit(.minutes(1)))
  func otherProcess() throws {
    let process = try holder()
    #expect(throws: LockHeld(path: path, holder: "")) {
      try FileLock(path: path, startedAt: "now")
    }
    process.kill()
    let lock = try FileLock(path: path, startedAt: "now")
    #expect(FileLock.isHeld(path: path))
    withExtendedLifetime(lock) {}
  }

  @Test("a child does not inherit it", .timeLimit(.minutes(1)))
  func child() throws {
    var lock: FileLock? = try FileLock(path: path, startedAt: "now")
    let process = try ChildProcess(["sleep", "600"])
    #expect(lock != nil && FileLock.isHeld(path: path))
    lock = nil
    let again = try FileLock(path: path, startedAt: "now")
    #expect(process.isRunning)
    withExtendedLifetime(again) {}
  }

  @Test("a copy of its descriptor, as a child has until its exec, does not keep it")
  func copied() throws {
    var lock: FileLock? = try FileLock(path: path, startedAt: "now")
    let descriptor = try #require(
      (Int32(0)..<4096).first { descriptor in
        var (own, named) = (stat(), stat())
        return fstat(descriptor, &own) == 0 && stat(path, &named) == 0
          && own.st_ino == named.st_ino && own.st_dev == named.st_dev
      })
    let copy = dup(descriptor)
    defer { close(copy) }
    #expect(lock != nil && FileLock.isHeld(path: path))
    lock = nil
    #expect(!FileLock.isHeld(path: path))
  }

  @Test("a lock whose file was removed keeps nobody out of the new one")
  func removedFile() throws {
    let old = try FileLock(path: path, startedAt: "old")
    try DurableFile.remove(path)
    #expect(!FileLock.isHeld(path: path))
    let new = try FileLock(path: path, startedAt: "new")
    #expect(FileLock.isHeld(path: path))
    #expect(throws: LockHeld.self) { try FileLock(path: path, startedAt: "third") }
    withExtendedLifetime((old, new)) {}
  }

  @Test("where no lock file can be, the message names it")
  func impossible() throws {
    #expect(throws: StoreError(operation: "open", path: "\(folder.path)/a/b.lock", code: ENOENT)) {
      try FileLock(path: "\(folder.path)/a/b.lock", startedAt: "now")
    }
    try DurableFile.link(path, to: "elsewhere")
    #expect(throws: StoreError(operation: "open", path: path, code: ELOOP)) {
      try FileLock(path: path, startedAt: "now")
    }
    #expect(!FilePaths.exists(folder.file("elsewhere")))
  }

  @Test("a holder can find out that its lock file was moved, removed or replaced")
  func place() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.lock")
    let lock = try FileLock(path: path, startedAt: "now")
    try lock.demandPlace()
    try DurableFile.move(path, to: path + ".moved")
    #expect(throws: LockLost(path: path)) { try lock.demandPlace() }
    let other = try FileLock(path: path, startedAt: "later")
    try other.demandPlace()
    #expect(throws: LockLost(path: path)) { try lock.demandPlace() }
    try DurableFile.remove(path)
    #expect(throws: LockLost(path: path)) { try other.demandPlace() }
    try DurableFile.move(path + ".moved", to: path)
    try lock.demandPlace()
    #expect(
      "\(LockLost(path: "a.lock"))"
        == "a.lock: this lock file was moved or removed, so another process may have taken the lock "
        + "by now; nothing more is written; where none has, the same command goes on")
  }
}
