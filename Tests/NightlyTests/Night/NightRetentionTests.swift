import Glibc
import Nightly
import NumericCore
import Runs
import Schedules
import Storage
import Testing

@Suite("Which nights stay") struct NightRetentionTests {
  @Test("never the champion, the one before it, or what the last decision names")
  func protected() throws {
    let fixture = try NightFixture()
    var nights: [String] = []
    for seed in 1...5 {
      try fixture.arrive(seed: UInt64(seed))
      nights.append(try fixture.night { $0.isForced = true }.night)
    }
    // The fifth is in service, behind the fourth.
    let history = try fixture.history
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(daily: 1)))
    let kept = retention.preview(history.decisions).filter(\.isKept).map(\.night)
    #expect(kept == Array(nights[3...]))
    let gone = try retention.run(history.decisions).filter { !$0.isKept }
    #expect(gone.map(\.night) == Array(nights[..<3]))
    #expect(gone.allSatisfy { !FilePaths.isTaken(fixture.job.file($0.night)) })
    #expect(gone.allSatisfy { !FilePaths.isTaken(fixture.job.night($0.night).lock) })
    #expect(fixture.job.nights == kept)
    #expect(!FilePaths.entries(of: fixture.job.path).contains { $0.hasSuffix(".gone") })
  }

  @Test("nights that served keep their places, however many were refused since")
  func served() throws {
    let fixture = try NightFixture()
    var nights: [String] = []
    for seed in 1...3 {
      try fixture.arrive(seed: UInt64(seed))
      nights.append(try fixture.night { $0.isForced = true }.night)
    }
    try fixture.folder.write(
      NightFixture.head + NightFixture.lenient.replacing("min_rows: 10", with: "max_bytes: 1"),
      to: "job.yaml")
    for seed in 4...6 {
      try fixture.arrive(seed: UInt64(seed))
      let decision = try fixture.night()
      #expect(decision.outcome == .undecided || decision.outcome == .refused)
      nights.append(decision.night)
    }
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 4)))
    let kept = retention.preview(try fixture.history.decisions).filter(\.isKept).map(\.night)
    #expect(kept == [nights[0], nights[1], nights[2], nights[5]])
  }

  @Test("a file that another night has frees nothing")
  func shared() throws {
    let fixture = try NightFixture()
    for _ in 0..<4 { try fixture.night() }
    let verdicts = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 1)))
      .preview(try fixture.history.decisions)
    let gone = verdicts.filter { !$0.isKept }
    #expect(gone.count == 2)
    for verdict in gone {
      let files = FilePaths.entries(of: fixture.job.file(verdict.night))
      let own = files.filter { !$0.hasSuffix(".safetensors") }
        .compactMap { FilePaths.size(of: fixture.job.file(verdict.night) + "/" + $0) }
      #expect(verdict.bytes == own.reduce(0, +))
    }
  }

  @Test("a night that failed is not kept by its decision, and a lock whose night is gone goes")
  func failed() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(3)
    let failed = Decision(
      night: nights[0], time: "2026-03-09T00:00:00Z", outcome: .failed, reason: "the disk is full",
      champion: nights[2])
    let orphans = ["2026-02-01T0000.lock", "mine.lock"].map(fixture.job.file)
    for orphan in orphans { try DurableFile.write([], to: orphan) }
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 1)))
    let gone = try retention.run(fixture.history.decisions + [failed]).filter { !$0.isKept }
    #expect(gone.map(\.night) == [nights[0]])
    #expect(orphans.map(FilePaths.isTaken) == [false, true])
  }

  @Test(
    "a night stays that another run begins with, or that was exported, as long as no other takes its place"
  )
  func pinned() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(6)
    func note(_ reason: CheckpointPins.Reason, _ night: Int, _ target: String, day: Int) throws {
      let run = fixture.job.night(nights[night])
      let file = try #require(FilePaths.linkTarget(run.result))
      try CheckpointPins(of: run).add(
        reason, key: "key", file: file, target: target, time: "2026-03-0\(day)T00:00:00Z")
    }
    // The first was exported to a path that the second has taken since.
    try note(.exported, 0, "/net.npz", day: 1)
    try note(.exported, 1, "/net.npz", day: 2)
    try note(.start, 2, "/runs/other", day: 3)
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 1)))
    func kept() throws -> [String] {
      try retention.preview(fixture.history.decisions).filter(\.isKept).map(\.night)
    }
    #expect(try kept() == [nights[1], nights[2], nights[4], nights[5]])
    let reasons = try retention.preview(fixture.history.decisions).map(\.reasons)
    #expect(reasons[1] == ["exported"] && reasons[2] == ["start"])
    // What cannot be read any more protects.
    try DurableFile.write(Array("{\"reason\":".utf8), to: fixture.job.night(nights[0]).pins)
    #expect(try kept() == [nights[0], nights[1], nights[2], nights[4], nights[5]])
  }

  @Test("all nights stay that one study begins with")
  func several() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(6)
    for night in 0..<2 {
      let run = fixture.job.night(nights[night])
      let file = try #require(FilePaths.linkTarget(run.result))
      try CheckpointPins(of: run).add(
        .start, key: "key", file: file, target: "/studies/small",
        time: "2026-03-0\(night + 1)T00:00:00Z")
    }
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 1)))
    let kept = try retention.run(fixture.history.decisions).filter(\.isKept)
    #expect(kept.map(\.night) == [nights[0], nights[1], nights[4], nights[5]])
    #expect(kept.prefix(2).allSatisfy { $0.reasons == ["start"] })
  }

  @Test("a night that something comes to depend on while others are removed stays")
  func pinnedMeanwhile() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(6)
    let (job, decisions) = (fixture.job, try fixture.history.decisions)
    let run = job.night(nights[1])
    nonisolated(unsafe) var verdicts: [NightRetention.Verdict] = []
    let removal = try CheckpointPins(of: run).whileFixed { _ in
      let removal = BackgroundTasks(count: 1, threads: 1) { _ in
        let retention = NightRetention(job, keep: .some(RetentionPolicy(last: 1)))
        verdicts = (try? retention.run(decisions)) ?? []
      }
      // The notes are read by then, and it waits for those of the second.
      for _ in 0..<4000 where FilePaths.isTaken(job.file(nights[0])) { usleep(5000) }
      let note =
        #"{"file":"f","key":"k","reason":"exported","target":"/net","time":"2026-03-01T00:00:00Z"}"#
      try DurableFile.append(Array((note + "\n").utf8), to: run.pins)
      return removal
    }
    removal.finish()
    #expect(verdicts.map(\.night) == nights)
    #expect(verdicts.filter(\.isKept).map(\.night) == [nights[1], nights[4], nights[5]])
    #expect(verdicts.dropFirst().first?.reasons == ["exported"])
    let isThere = nights.map { FilePaths.isTaken(job.file($0)) }
    #expect(isThere == [false, true, false, false, true, true])
  }
}
