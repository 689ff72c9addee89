import Storage
import Studies
import Synchronization
import TestSupport
import Testing

@Suite("Claims of workers") struct WorkClaimsTests {
  /// A clock that stands still until it is set.
  final class Clock: Sendable {
    private let time = Mutex(Duration.zero)
    var now: Duration { time.withLock { $0 } }
    func pass(_ duration: Duration) { time.withLock { $0 += duration } }
  }

  private let clock = Clock()
  private let folder: TemporaryFolder
  private let study: StudyFolder

  init() throws {
    folder = try TemporaryFolder()
    study = StudyFolder(checkpoints: folder.file("runs"), name: "small")
    try FilePaths.makeFolders(study.claims)
  }

  private func claims(of worker: StudyWorker) -> WorkClaims {
    WorkClaims(of: worker, lease: .seconds(60)) { [clock] in clock.now }
  }

  private func beat(_ worker: StudyWorker, _ number: Int) throws {
    try DurableFile.replace(
      Array("\(number)".utf8), at: worker.heartbeat)
  }

  @Test("one of two has a piece, until it gives it back")
  func turn() throws {
    let (first, second) = (try StudyWorker(in: study), try StudyWorker(in: study))
    #expect(first.name != second.name)
    let (one, other) = (claims(of: first), claims(of: second))
    #expect(try one.take("a"))
    #expect(try !other.take("a"))
    // Nor does another thread of the same worker get it.
    #expect(try !one.take("a"))
    #expect(try other.take("b"))
    // What is another's is not given back.
    try other.give("a")
    #expect(try !other.take("a"))
    try one.give("a")
    #expect(try other.take("a"))
  }

  @Test("who shows no sign of life for a lease loses it, and who does keeps it")
  func lease() throws {
    let (first, second) = (try StudyWorker(in: study), try StudyWorker(in: study))
    let (one, other) = (claims(of: first), claims(of: second))
    try beat(first, 0)
    #expect(try one.take("a"))
    #expect(try !other.take("a"))
    clock.pass(.seconds(59))
    #expect(try !other.take("a"))
    try beat(first, 1)
    clock.pass(.seconds(59))
    // The sign is another one: a new lease begins.
    #expect(try !other.take("a"))
    clock.pass(.seconds(61))
    #expect(try other.take("a"))
    // It comes to life again, and leaves what is another's now.
    try one.give("a")
    #expect(try !one.take("a"))
    try beat(second, 0)
    clock.pass(.seconds(30))
    #expect(try !one.take("a"))
  }

  @Test("a worker that has left, or whose folder is gone, loses what it had")
  func gone() throws {
    let (first, second) = (try StudyWorker(in: study), try StudyWorker(in: study))
    try beat(first, 7)
    #expect(try claims(of: first).take("a"))
    first.leave()
    #expect(study.workerNames == [second.name])
    let other = claims(of: second)
    #expect(try !other.take("a"))
    clock.pass(.seconds(61))
    #expect(try other.take("a"))
  }
}
