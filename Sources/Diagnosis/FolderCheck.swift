import Glibc
import Storage

/// The folder of all runs: its space, whether locks work there, and how long it takes until something is safe.
package struct FolderCheck: Sendable {
  /// What trying it out has shown.
  package struct Trial: Sendable, Equatable {
    /// Milliseconds until a small file is on disk, in the middle of several.
    package var syncMilliseconds: Double
    /// Whether a lock keeps others out.
    package var locks: Bool
    /// Seconds that the folder's clock is ahead of this machine's.
    package var clockAhead: Double

    package init(syncMilliseconds: Double, locks: Bool, clockAhead: Double) {
      self.syncMilliseconds = syncMilliseconds
      self.locks = locks
      self.clockAhead = clockAhead
    }
  }

  package let path: String
  /// Whether the folder is there; else what is said holds of the one that it would be made in.
  package var exists: Bool
  /// What is no folder and stands in its place, or in that of one on the way to it.
  package var obstacle: String?
  package var fileSystem: String
  /// Bytes that are left; nil where that is not known.
  package var free: Int?
  /// What trying it out has shown, or why that cannot be.
  package var trial: Result<Trial, StoreError>

  package init(
    path: String, exists: Bool, obstacle: String? = nil, fileSystem: String, free: Int?,
    trial: Result<Trial, StoreError>
  ) {
    self.path = path
    self.obstacle = obstacle
    self.exists = exists
    self.fileSystem = fileSystem
    self.free = free
    self.trial = trial
  }

  /// Tries out the folder at `path`, or the one that it would be made in; what it writes there is removed.
  package init(path: String) {
    self.path = path
    exists = FilePaths.isFolder(path)
    obstacle = FilePaths.obstacle(toFolder: path)
    var place = FilePaths.absolute(path)
    while !FilePaths.isFolder(place), place != "/" { place = FilePaths.folder(of: place) }
    free = FreeSpace.bytes(at: place)
    fileSystem = Self.fileSystem(of: place)
    trial = FolderTrial.run(in: place)
  }

  /// What the file system of the folder `path` is called: that of the longest mount point above it.
  private static func fileSystem(of path: String) -> String {
    let real = FilePaths.real(path)
    var found = (length: -1, kind: "unknown")
    for line in (KernelText.read("/proc/self/mountinfo") ?? "").split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count > 6, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else {
        continue
      }
      let point = fields[4]
      let isAbove = point == "/" || real == point || real.hasPrefix(point + "/")
      if isAbove, point.count >= found.length { found = (point.count, String(fields[dash + 1])) }
    }
    return found.kind
  }

  package var findings: [Finding] {
    guard let obstacle else { return [place] + trialFindings }
    return [
      .problem(
        .folder,
        "\(path): \(obstacle == FilePaths.absolute(path) ? "this" : obstacle) is no folder",
        advice: "move it away, or name a folder with --checkpoints")
    ]
  }

  private static let leastBytes = 100 << 20
  private static let fewBytes = 1 << 30

  private var place: Finding {
    let fact =
      "\(path)\(exists ? "" : ", which is not there yet"): \(fileSystem)"
      + (free.map { ", \(NumberText.bytes($0)) free" } ?? "")
    if let free, free < Self.leastBytes {
      return .problem(.folder, fact, advice: "make space there, or name another with --checkpoints")
    }
    if ["tmpfs", "ramfs"].contains(fileSystem) {
      return .warning(
        .folder, fact,
        advice: "it is in memory and gone with the next start of the machine; choose a disk")
    }
    if let free, free < Self.fewBytes {
      return .warning(
        .folder, fact,
        advice: "long runs may fill it; ecpipe gc deletes what checkpoints.keep does not")
    }
    return .ok(.folder, fact)
  }

  private var trialFindings: [Finding] {
    switch trial {
    case .failure(let error):
      return [
        .problem(
          .folder, "nothing can be written there: \(error)",
          advice: "check its permissions, or name another folder with --checkpoints")
      ]
    case .success(let trial): return [sync(trial), lock(trial)] + clock(trial)
    }
  }

  private func sync(_ trial: Trial) -> Finding {
    let fact =
      "writing a file safely takes \(NumberText.significant(trial.syncMilliseconds, 3)) ms (fsync)"
    if trial.syncMilliseconds > 200 {
      return .warning(
        .folder, fact,
        advice: "every stage waits for a few of these; a local disk is faster")
    }
    return .ok(.folder, fact)
  }

  private func lock(_ trial: Trial) -> Finding {
    trial.locks
      ? .ok(.folder, "locks work (flock)")
      : .problem(
        .folder, "locks keep nobody out (flock), so two runs could write one folder",
        advice: "choose a local disk, or a network file system with locks")
  }

  private func clock(_ trial: Trial) -> [Finding] {
    guard abs(trial.clockAhead) > 60 else { return [] }
    return [
      .warning(
        .folder,
        "its clock is \(NumberText.fixed(abs(trial.clockAhead), 0)) s "
          + (trial.clockAhead > 0 ? "ahead" : "behind"),
        advice: "set the clocks of both machines by NTP; which run is the latest is told by them")
    ]
  }
}
