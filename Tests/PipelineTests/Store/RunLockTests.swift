import Glibc
import Pipeline
import TestSupport
import Testing

@Suite("RunLock") struct RunLockTests {
  private let folder: TemporaryFolder
  private var path: String { folder.file("run.lock") }

  init() throws { folder = try TemporaryFolder() }

  /// A process that holds the lock on `path`, as another run would.
  private func holder() throws -> ChildProcess {
    let process = try ChildProcess(["flock", "--exclusive", "--no-fork", path, "sleep", "600"])
    while !RunLock.isHeld(path: path) {
      try #require(process.isRunning)
      usleep(2_000)
    }
    return process
  }

  @Test("a second lock is refused and told who has the first")
  func second() throws {
    #expect(!RunLock.isHeld(path: path))
    let lock = try RunLock(path: path, startedAt: "2024-01-02T03:04:05Z")
    #expect(RunLock.isHeld(path: path))
    let failure = try #require(throws: RunFailure.self) {
      try RunLock(path: path, startedAt: "later")
    }
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, 255)
    let name = host.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    let text = "pid \(getpid()) on \(name) since 2024-01-02T03:04:05Z"
    #expect(failure == .locked(path: path, holder: text))
    #expect(failure.exitCode == 10)
    #expect("\(failure)" == "\(path): another run has this folder (\(text)); wait for it or end it")
    withExtendedLifetime(lock) {}
  }

  @Test("a pipe in the lock's place is refused at once", .timeLimit(.minutes(1)))
  func pipe() throws {
    try #require(mkfifo(path, 0o644) == 0)
    #expect(!RunLock.isHeld(path: path))
    #expect(throws: StoreError(operation: "lock", path: path, code: EINVAL)) {
      try RunLock(path: path, startedAt: "now")
    }
  }

  @Test("a lock ends with its last use, and can be taken again")
  func released() throws {
    for start in ["a longer text about when it was", "b"] {
      let lock = try RunLock(path: path, startedAt: start)
      #expect(try folder.text("run.lock").hasSuffix("since \(start)\n"))
      withExtendedLifetime(lock) {}
    }
    #expect(!RunLock.isHeld(path: path))
  }

  @Test("another process has it until it dies, however it dies", .timeLimit(.minutes(1)))
  func otherProcess() throws {
    let process = try holder()
    #expect(throws: RunFailure.locked(path: path, holder: "")) {
      try RunLock(path: path, startedAt: "now")
    }
    process.kill()
    let lock = try RunLock(path: path, startedAt: "now")
    #expect(RunLock.isHeld(path: path))
    withExtendedLifetime(lock) {}
  }

  @Test("a child does not inherit it", .timeLimit(.minutes(1)))
  func child() throws {
    var lock: RunLock? = try RunLock(path: path, startedAt: "now")
    let process = try ChildProcess(["sleep", "600"])
    #expect(lock != nil && RunLock.isHeld(path: path))
    lock = nil
    let again = try RunLock(path: path, startedAt: "now")
    #expect(process.isRunning)
    withExtendedLifetime(again) {}
  }

  @Test("a lock whose file was removed keeps nobody out of the new one")
  func removedFile() throws {
    let old = try RunLock(path: path, startedAt: "old")
    try DurableFile.remove(path)
    #expect(!RunLock.isHeld(path: path))
    let new = try RunLock(path: path, startedAt: "new")
    #expect(RunLock.isHeld(path: path))
    #expect(throws: RunFailure.self) { try RunLock(path: path, startedAt: "third") }
    withExtendedLifetime((old, new)) {}
  }

  @Test("where no lock file can be, the message names it")
  func impossible() throws {
    #expect(throws: StoreError(operation: "open", path: "\(folder.path)/a/b.lock", code: ENOENT)) {
      try RunLock(path: "\(folder.path)/a/b.lock", startedAt: "now")
    }
    try DurableFile.link(path, to: "elsewhere")
    #expect(throws: StoreError(operation: "open", path: path, code: ELOOP)) {
      try RunLock(path: path, startedAt: "now")
    }
    #expect(!FilePaths.exists(folder.file("elsewhere")))
  }
}
