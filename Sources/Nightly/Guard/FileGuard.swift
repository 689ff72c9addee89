import Glibc
import Runs
import Schedules
import Storage

/// What is wrong with tonight's files before they are read: still written, or too old.
package struct FileGuard {
  /// How long a file's size is watched, in microseconds.
  private static let watch: UInt32 = 300_000
  /// F_SETLEASE of linux/fcntl.h, which Glibc's module leaves out.
  private static let setLease: Int32 = 1024

  private let settings: DataGuardSettings
  /// Seconds since 1970.
  private let now: Int?

  package init(_ settings: DataGuardSettings, now: String) {
    self.settings = settings
    self.now = RetentionPolicy.seconds(of: now)
  }

  /// What is wrong, a sentence each.
  package func findings(_ files: [String]) -> [String] {
    var found: [String] = []
    let before = files.map { FileStamp(path: $0) }
    if !files.isEmpty { usleep(Self.watch) }
    for (file, stamp) in zip(files, before) {
      guard let stamp else { continue }
      if FileStamp(path: file) != stamp || isOpenForWriting(file) {
        found.append("\(file) is still being written")
      }
    }
    if let longest = settings.stale, let now,
      let newest = before.compactMap({ $0 }).max(by: { $0.modified < $1.modified })
    {
      let age = now - newest.modified / 1_000_000_000
      if age > longest.components.seconds {
        found.append(
          "\(newest.path), the newest file, is \(age / 3600) hours old, guard.stale is "
            + "\(longest.components.seconds / 3600) h")
      }
    }
    return found
  }

  /// Whether a process has the file open for writing: then the system grants no lease to read it. Where it
  /// grants none to anybody, as on some network file systems, nobody knows.
  private func isOpenForWriting(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    // A lease that is broken meanwhile would end the process with SIGIO; it is held for an instant only.
    let former = signal(SIGIO, SIG_IGN)
    defer { signal(SIGIO, former) }
    if fcntl(descriptor, Self.setLease, F_RDLCK) == 0 {
      _ = fcntl(descriptor, Self.setLease, F_UNLCK)
      return false
    }
    return errno == EAGAIN
  }
}
