import Foundation
import Nightly
import Runs
import Storage
import Testing

@Suite("The link and the decisions") struct StandingTests {
  @Test("where the end of the decisions is lost, the link counts and the next night records it")
  func lostEnd() throws {
    for cut in [50, nil] {
      let fixture = try NightFixture()
      let nights = try fixture.promoted(3)
      if let cut {
        let bytes = try FilePaths.read(fixture.job.decisions)
        try DurableFile.write(Array(bytes.dropLast(cut)), to: fixture.job.decisions)
      } else {
        try DurableFile.remove(fixture.job.decisions)
      }
      let decided = cut == nil ? nil : nights[1]
      #expect(try fixture.history.standing == .lost(linked: nights[2], decided: decided))
      #expect(try fixture.verification().findings.map(\.file) == [fixture.job.champion])
      try fixture.arrive(seed: 9)
      let next = try fixture.night()
      #expect(next.incumbent?.night == nights[2])
      #expect(fixture.said.contains { $0.contains("the link says \(nights[2])") })
      let history = try fixture.history
      #expect(!history.decisions.contains { $0.outcome == .abandoned })
      #expect(Set(history.decisions.map(\.night)) == Set(nights + [next.night]))
      let again = history.decisions.last { $0.night == nights[2] }
      #expect(try again?.championDigest == fixture.digest(of: nights[2]))
      #expect(history.standing == .agreed)
      #expect(try fixture.verification().findings.isEmpty)
    }
  }

  @Test("a rollback goes from the network that the link says")
  func rollback() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(3)
    let bytes = try FilePaths.read(fixture.job.decisions)
    try DurableFile.write(Array(bytes.dropLast(50)), to: fixture.job.decisions)
    #expect(try fixture.change().rollBack(to: nil).night == nights[1])
  }

  @Test("a link that is gone or leads elsewhere is reported, and led back by the next night")
  func touched() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(3)
    for target in [nil, nights[0], "nowhere"] {
      try DurableFile.remove(fixture.job.champion)
      if let target { try DurableFile.link(fixture.job.champion, to: target) }
      #expect(try fixture.verification().findings.contains { $0.file == fixture.job.champion })
      try fixture.night()
      #expect(fixture.job.linkedNight == nights[2])
    }
  }

  @Test("a link that a process at work is about to move is waited for")
  func moving() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(2)
    let job = fixture.job
    try DurableFile.link(job.champion, to: nights[0])
    let lock = try FileLock(path: job.lock, startedAt: "now")
    defer { withExtendedLifetime(lock) {} }
    Thread.detachNewThread {
      usleep(30_000)
      try? DurableFile.link(job.champion, to: nights[1])
    }
    let history = try fixture.history
    #expect(history.standing == .agreed && history.champion == nights[1])
  }

  @Test("what stands in the link's place is reported, and never removed")
  func folder() throws {
    let fixture = try NightFixture()
    _ = try fixture.promoted(1)
    try DurableFile.remove(fixture.job.champion)
    try FilePaths.makeFolders(fixture.job.champion)
    #expect(try fixture.verification().findings.map(\.file) == [fixture.job.champion])
    #expect(throws: RunFailure.self) { try fixture.night() }
    #expect(FilePaths.isFolder(fixture.job.champion))
    rmdir(fixture.job.champion)
    try fixture.night()
    #expect(try fixture.history.standing == .agreed)
  }
}
