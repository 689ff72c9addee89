import Nightly
import RunFixtures
import Runs
import Storage
import Testing

@Suite("A nightly job") struct NightSessionTests {
  @Test("the first night's network goes into service, with its exports and what verifies it")
  func first() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, not_worse_by: 0.2}, "
        + "exports: [net.safetensors]}\n")
    let decision = try fixture.night()
    #expect(decision.outcome == .promoted && decision.night == "2026-03-01T0000")
    #expect(fixture.job.linkedNight == "2026-03-01T0000")
    #expect(try decision.championDigest == fixture.digest(of: "2026-03-01T0000"))
    #expect(FilePaths.exists(fixture.job.champion + "/exports/net.safetensors"))
    #expect(try fixture.history.decisions == [decision])
    #expect(decision.incumbent == nil && decision.challenger?.weights == 47)
  }

  @Test("exports say what an export stage says, with scales of bytes found on the night's data")
  func exports() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10}, exports: "
        + "{c: {file: net.c, int8: true, prefix: own, separate_weights: true}, shrink: false}}\n")
    try fixture.night()
    let folder = fixture.job.champion + "/exports/"
    #expect(FilePaths.entries(of: folder).sorted() == ["net.c", "net.h", "net_weights.h"])
    let source = String(decoding: try FilePaths.read(folder + "net.c"), as: UTF8.self)
    #expect(source.contains("void own_run_int8(") && source.contains("At export   int8: accuracy"))
    #expect(fixture.said.contains { $0.hasPrefix("2026-03-01T0000: net.c: int8 has accuracy ") })
  }

  @Test("a night begins with the champion, and its masks stay")
  func warm() throws {
    let fixture = try NightFixture()
    try fixture.night()
    try fixture.arrive(seed: 3, rows: 80)
    let decision = try fixture.night()
    #expect(NightNote(in: fixture.job.night("2026-03-02T0000"))?.start == "2026-03-01T0000")
    #expect(decision.incumbent?.night == "2026-03-01T0000")
    #expect(decision.challenger?.weights == 47)
    #expect(decision.comparison?.rows == 60)
  }

  @Test("on the same data nothing is computed again, and files are shared")
  func unchanged() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    let second = try fixture.night()
    #expect(second.outcome == .kept && second.challenger?.sha256 == first.challenger?.sha256)
    #expect(fixture.job.linkedNight == first.night)
    let names = [first.night, second.night].map { fixture.job.night($0).result }
    let stamps = names.map { FileStamp(path: FilePaths.real($0))?.inode }
    #expect(stamps[0] == stamps[1])
  }

  @Test("an interrupted night goes on, and ends in the same bits")
  func interrupted() throws {
    let whole = try NightFixture()
    let expected = try whole.night()
    for stop in [2, 4, 7] {
      let fixture = try NightFixture()
      #expect(throws: RunFailure.self) { try fixture.night(stopAt: stop, after: 5) }
      #expect(try fixture.history.decisions.isEmpty && fixture.job.linkedNight == nil)
      let decision = try fixture.night()
      #expect(decision.night == "2026-03-01T0000")
      #expect(decision.challenger?.sha256 == expected.challenger?.sha256)
      #expect(fixture.job.nights == ["2026-03-01T0000"])
    }
  }

  @Test("an interrupted night whose data are gone is given up, and a new one begins")
  func abandoned() throws {
    let fixture = try NightFixture()
    #expect(throws: RunFailure.self) { try fixture.night(stopAt: 4, after: 5) }
    try fixture.arrive(seed: 9)
    let decision = try fixture.night()
    #expect(decision.night == "2026-03-01T0005" && decision.outcome == .promoted)
    #expect(try fixture.history.decisions.map(\.outcome) == [.abandoned, .promoted])
    #expect(try fixture.history.decisions.map(\.night) == ["2026-03-01T0000", "2026-03-01T0005"])
  }

  @Test("an interrupted night goes on though the clock was set back before it began")
  func setBack() throws {
    let fixture = try NightFixture()
    try fixture.night()
    try fixture.night(after: -60)
    try fixture.arrive(seed: 4)
    #expect(throws: RunFailure.self) { try fixture.night(stopAt: 4, after: 5) }
    #expect(
      fixture.job.nights == ["2026-03-01T0000", "2026-03-01T2300", "2026-03-02T0000"])
    #expect(try JobStatus(fixture.job).open == "2026-03-01T2300")
    #expect(try fixture.night().night == "2026-03-01T2300")
    #expect(try fixture.history.decisions.count == 3)
  }

  @Test("two nights of one minute have names of their own")
  func sameMinute() throws {
    let fixture = try NightFixture()
    try fixture.night(after: 0)
    try fixture.arrive(seed: 4)
    try fixture.night(after: 0)
    try fixture.arrive(seed: 5)
    try fixture.night()
    #expect(
      fixture.job.nights == ["2026-03-01T0000", "2026-03-01T0000-2", "2026-03-01T0000-3"])
  }

  @Test("what a killed night has decided and not linked is finished by the next")
  func killed() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try fixture.arrive(seed: 3)
    let second = try fixture.night { $0.isForced = true }
    #expect(second.outcome == .promoted)
    // As it is between the decision and the link.
    try DurableFile.link(fixture.job.champion, to: first.night)
    try fixture.night()
    #expect(
      fixture.said.first == "the champion is \(second.night) now, as decided at \(second.time)")
    #expect(fixture.job.linkedNight == second.night)
  }

  @Test("every so many nights a new network is begun with")
  func cold() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {cold_start_every: 3, guard: {min_rows: 1, psi: any}, "
        + "promote: {min_rows: 10, not_worse_by: 0.5}}\n")
    var starts: [Bool] = []
    for seed in 1...7 {
      try fixture.arrive(seed: UInt64(seed))
      let night = try fixture.night().night
      starts.append(NightNote(in: fixture.job.night(night))?.start == nil)
    }
    #expect(starts == [true, false, false, true, false, false, true])
  }

  @Test("start: challenger goes on from the last night, promoted or not")
  func challenger() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {start: challenger, guard: {min_rows: 1}, "
        + "promote: {min_rows: 10, max_bytes: 1, not_worse_by: 0.2}}\n")
    #expect(try fixture.night().outcome == .refused)
    try fixture.arrive(seed: 3)
    let second = try fixture.night()
    #expect(NightNote(in: fixture.job.night(second.night))?.start == "2026-03-01T0000")
    #expect(fixture.job.linkedNight == nil)
  }

  @Test("a damaged champion does not decide: the floor and the limits do")
  func damagedChampion() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try fixture.damage(first.night)
    try fixture.arrive(seed: 3)
    let second = try fixture.night()
    #expect(second.outcome == .promoted && second.incumbent == nil)
    #expect(second.warnings.count == 1)
    #expect(NightNote(in: fixture.job.night(second.night))?.start == nil)
    #expect(fixture.job.linkedNight == second.night)
  }

  @Test("a night that fails is a decision, and the champion stays")
  func failed() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try fixture.folder.write("a,b\nx\n", to: "train.csv")
    #expect(throws: (any Error).self) { try fixture.night() }
    #expect(try fixture.history.decisions.map(\.outcome) == [.promoted, .failed])
    #expect(fixture.job.linkedNight == first.night && fixture.job.nights == [first.night])
    try fixture.arrive(seed: 3)
    #expect(try fixture.night().night == "2026-03-03T0000")
  }

  @Test("the same nights twice make the same bits and decisions")
  func twice() throws {
    let runs = try (0..<2).map { _ in
      let fixture = try NightFixture()
      for seed in 1...4 {
        try fixture.arrive(seed: UInt64(seed), rows: 50 + 10 * seed)
        try fixture.night { $0.isForced = seed == 3 }
      }
      return try fixture.history.decisions
    }
    #expect(runs[0] == runs[1])
  }

  @Test("the folder can be moved: the next night goes on from its champion")
  func moved() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try DurableFile.move(fixture.folder.file("runs"), to: fixture.folder.file("moved"))
    try fixture.arrive(seed: 3)
    let second = try fixture.night { $0.checkpoints = fixture.folder.file("moved") }
    #expect(second.incumbent?.sha256 == first.challenger?.sha256 && second.warnings.isEmpty)
  }

  @Test("data that are not there are named with where they belong")
  func missing() throws {
    let fixture = try NightFixture()
    let path = fixture.folder.file("train.csv")
    try DurableFile.remove(path)
    #expect {
      try fixture.night()
    } throws: { error in
      if case RunFailure.missing(path, let what) = error {
        what.hasPrefix("put it there")
      } else {
        false
      }
    }
  }

  @Test("rows that change sides decide nothing, and a new network is begun with")
  func splitChanged() throws {
    func schedule(_ seed: Int, _ test: Double) -> String {
      Self.splitByContent.replacing("start: cold, ", with: "")
        .replacing("seed: 7", with: "seed: \(seed)")
        .replacing("test: 0.4", with: "test: \(test)")
    }
    let fixture = try NightFixture(schedule(7, 0.4))
    let first = try fixture.night()
    #expect(first.outcome == .promoted)
    for (seed, test) in [(8, 0.4), (7, 0.5)] {
      try fixture.folder.write(schedule(seed, test), to: "job.yaml")
      let decision = try fixture.night()
      #expect(decision.outcome == .undecided && decision.reason.contains("since \(first.night)"))
      #expect(NightNote(in: fixture.job.night(decision.night))?.start == nil)
      #expect(fixture.job.linkedNight == first.night)
    }
    #expect(try fixture.night { $0.isForced = true }.outcome == .promoted)
    try fixture.arrive(seed: 3)
    #expect(try fixture.night().outcome != .undecided)
  }

  /// One file that is split by content, with networks that begin anew.
  private static let splitByContent =
    NightFixture.head.replacing(
      "  train: {csv: train.csv}\n  test: {csv: test.csv}",
      with: "  csv: train.csv\n  split: {test: 0.4, by: content}")
    + NightFixture.lenient.replacing("nightly: {", with: "nightly: {start: cold, ")

  @Test(
    "networks that are not measured on the same rows are not compared",
    arguments: [
      ("\n  ignore: [a]", "", "reads other rows"),
      ("", "\n  ignore: [a]", "cannot read tonight's data"),
    ])
  func otherRows(before: String, after: String, reason: String) throws {
    func schedule(_ more: String) -> String {
      Self.splitByContent.replacing("by: content}", with: "by: content}" + more)
    }
    let fixture = try NightFixture(schedule(before))
    let first = try fixture.night()
    try fixture.folder.write(schedule(after), to: "job.yaml")
    let decision = try fixture.night()
    #expect(decision.outcome == .undecided && decision.reason.contains(reason))
    #expect(fixture.job.linkedNight == first.night)
    #expect(try fixture.night { $0.isForced = true }.outcome == .promoted)
  }

  @Test("a schedule without nightly is none")
  func notNightly() throws {
    let fixture = try NightFixture(NightFixture.head)
    #expect(throws: NightFailure.notNightly(schedule: fixture.folder.file("job.yaml"))) {
      try fixture.night()
    }
  }

  @Test(
    "a schedule that makes the champion smaller is refused, unless networks begin anew",
    arguments: [
      "  - shrink: {}\n",
      "  - alternate: {rounds: 2, sparsity: {to: 0.8}, release: {share: 0.5}, finetune: {epochs: 1}}\n",
    ])
  func shrinking(stage: String) throws {
    let fixture = try NightFixture(NightFixture.head + stage + NightFixture.lenient)
    #expect(throws: NightFailure.shrinksChampion(schedule: fixture.folder.file("job.yaml"))) {
      try fixture.night()
    }
    let cold = NightFixture.lenient.replacing("nightly: {", with: "nightly: {start: cold, ")
    try fixture.folder.write(NightFixture.head + stage + cold, to: "job.yaml")
    #expect(try fixture.night().outcome == .promoted)
  }
}
