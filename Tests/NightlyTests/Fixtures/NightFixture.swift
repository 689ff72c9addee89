import Glibc
import Nightly
import NumericCore
import RunFixtures
import Runs
import Storage
import Synchronization
import TestSupport

/// A small nightly job in a folder of its own, with a clock that the test sets.
final class NightFixture {
  let folder: TemporaryFolder
  private let clock = Clock()
  /// What the last night said.
  private(set) var said: [String] = []
  /// What the last night has raised an alarm for.
  private(set) var alarms: [String] = []

  static let head = """
    version: 1
    name: job
    seed: 7
    data:
      train: {csv: train.csv}
      test: {csv: test.csv}
      task: classification
      scale: standard
    model: {hidden: [7, 6]}
    training: {batch: 16, optimizer: {adam: {learning_rate: 0.01}}}
    stages:
      - train: {epochs: 2}
      - prune: {to: 0.5}
      - finetune: {epochs: 1}

    """

  /// Judges whatever rows there are, and lets a little be worse.
  static let lenient =
    "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, not_worse_by: 0.2}}\n"

  init(_ schedule: String = head + lenient) throws {
    folder = try TemporaryFolder()
    try folder.write(schedule, to: "job.yaml")
    try folder.write(RunFixture.table(seed: 2), to: "test.csv")
    try arrive(seed: 1)
  }

  /// Puts new rows in place of the training data.
  func arrive(seed: UInt64, rows: Int = 60) throws {
    try folder.write(RunFixture.table(seed: seed, rows: rows), to: "train.csv")
  }

  var job: NightlyFolder { NightlyFolder(checkpoints: folder.file("runs"), name: "job") }
  var history: NightHistory { get throws { try NightHistory(job) } }

  var surroundings: Surroundings {
    Surroundings(
      now: { [clock] in clock.text }, environment: { _ in nil }, freeSpace: { _ in nil })
  }

  /// One night, a day after the last.
  @discardableResult
  func night(
    stopAt: Int = .max, after minutes: Int = 1440,
    _ configure: (inout NightSession.Options) -> Void = { _ in }
  ) throws -> Decision {
    defer { clock.advance(minutes) }
    said = []
    alarms = []
    var options = NightSession.Options(
      checkpoints: folder.file("runs"), surroundings: surroundings, continueCommand: "go on")
    configure(&options)
    let session = try NightSession(schedulePath: folder.file("job.yaml"), options: options)
    let lock = try session.begin()
    defer { withExtendedLifetime(lock) {} }
    var questions = 0
    return try session.run(
      NightSession.Work(
        pool: WorkerPool(threadCount: 1), events: { _ in { _ in } },
        say: { self.said.append($0) }, alarm: { self.alarms.append($0) },
        isInterrupted: {
          questions += 1
          return questions >= stopAt
        }))
  }

  /// One night: the reasons for which it is refused; empty where it is not.
  func refusals() throws -> [String] {
    do {
      try night()
      return []
    } catch NightFailure.dataRefused(let reasons) {
      return reasons
    }
  }

  func change() -> ServiceChange {
    ServiceChange(job, pool: WorkerPool(threadCount: 1), surroundings: surroundings) {
      self.said.append($0)
    }
  }

  /// Nights on rows of their own, each promoted; their names.
  func promoted(_ count: Int) throws -> [String] {
    try (1...count).map { seed in
      try arrive(seed: UInt64(seed))
      return try night { $0.isForced = true }.night
    }
  }

  func verification() throws -> VerificationReport {
    try JobVerification(job, pool: WorkerPool(threadCount: 1), surroundings: surroundings).report()
  }

  /// The table with each row in another class.
  static func turned(_ table: String) -> String {
    table.replacing("class0", with: "former").replacing("class2", with: "class0")
      .replacing("class1", with: "class2").replacing("former", with: "class1")
  }

  /// Removes a folder of files and links.
  static func remove(_ folder: String) throws {
    for name in FilePaths.entries(of: folder) {
      let path = folder + "/" + name
      if FilePaths.linkTarget(path) == nil, FilePaths.isFolder(path) {
        try remove(path)
      } else {
        try DurableFile.remove(path)
      }
    }
    rmdir(folder)
  }

  /// SHA-256 of the network of `night`.
  func digest(of night: String) throws -> String {
    try Digest.sha256(fileAt: job.night(night).result)
  }

  /// Turns a bit of the file that `night`'s result leads to.
  func damage(_ night: String) throws {
    let path = FilePaths.real(job.night(night).result)
    var bytes = try FilePaths.read(path)
    bytes[bytes.count / 2] ^= 1
    try DurableFile.write(bytes, to: path)
  }
}

/// A clock that begins on 1 March 2026 and stands still unless it is advanced.
private final class Clock: Sendable {
  private let minute = Atomic<Int>(0)

  var text: String {
    let now = minute.load(ordering: .relaxed)
    return "2026-03-\(two(1 + now / 1440))T\(two(now / 60 % 24)):\(two(now % 60)):00Z"
  }

  func advance(_ minutes: Int) { minute.add(minutes, ordering: .relaxed) }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
