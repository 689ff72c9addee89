import Datasets
import Glibc
import Nightly
import Runs
import RunFixtures
import Storage
import TestSupport
import Testing

@Suite("What is recorded of a night") struct NightRecordTests {
  @Test("a night that goes past the guard because somebody demands it is recorded as forced")
  func forced() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1, rows_drop: 0.5, psi: any}, promote: {min_rows: 10, not_worse_by: 0.9}}\n"
    )
    try fixture.night()
    try fixture.arrive(seed: 3, rows: 25)
    #expect(throws: NightFailure.self) { try fixture.night() }
    let decision = try fixture.night { $0.isForced = true }
    #expect(decision.outcome == .promoted && decision.isForced)
    #expect(decision.reason.hasSuffix("; forced past the guard of the data"))
    #expect(decision.warnings.count == 1)
    try fixture.arrive(seed: 4, rows: 25)
    #expect(try !fixture.night().isForced)
  }

  @Test(
    "data with a new class begin a new network where somebody demands it, or where the guard only warns"
  )
  func newClass() throws {
    for action in ["stop", "warn"] {
      let fixture = try NightFixture(
        NightFixture.head.replacing("  test: {csv: test.csv}\n", with: "").replacing(
          "  train: {csv: train.csv}", with: "  csv: train.csv\n  split: {test: 0.4, by: content}")
          + "nightly: {guard: {min_rows: 1, action: \(action)}, promote: {min_rows: 10}}\n")
      let first = try fixture.night()
      let rows = try String(
        decoding: FilePaths.read(fixture.folder.file("train.csv")), as: UTF8.self)
      let last = try #require(rows.split(separator: "\n").last)
      let values = last.split(separator: ",").dropLast().joined(separator: ",")
      let more = (1...20).map { "\(values)\($0),new\n" }.joined()
      try fixture.folder.write(rows + more, to: "train.csv")
      if action == "stop" {
        #expect {
          try fixture.night()
        } throws: { error in
          guard case NightFailure.dataRefused(let reasons) = error else { return false }
          return reasons.contains { $0.contains("nightly.guard.action=warn begins a new one") }
        }
        #expect(fixture.job.linkedNight == first.night)
      }
      let decision = try fixture.night { $0.isForced = action == "stop" }
      #expect(decision.outcome == .promoted && decision.isForced == (action == "stop"))
      #expect(NightNote(in: fixture.job.night(decision.night))?.start == nil)
      #expect(
        decision.warnings.contains { $0.contains("do not fit the network of \(first.night)") })
      #expect(fixture.job.linkedNight == decision.night)
    }
  }

  @Test("data that are a pipe or a folder are not fit, as for a run", arguments: [true, false])
  func noFile(isPipe: Bool) throws {
    let fixture = try NightFixture()
    let path = fixture.folder.file("train.csv")
    try DurableFile.remove(path)
    if isPipe {
      try #require(mkfifo(path, 0o600) == 0)
    } else {
      try FilePaths.makeFolders(path)
    }
    #expect(throws: DatasetError.self) { try fixture.night() }
  }

  @Test("an interrupted night that began from a network that was rolled back since is given up")
  func rolledBackStart() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(2)
    try fixture.arrive(seed: 5)
    #expect(throws: RunFailure.self) { try fixture.night(stopAt: 4, after: 5) }
    let open = try #require(try JobStatus(fixture.job).open)
    #expect(NightNote(in: fixture.job.night(open))?.start == nights[1])
    try fixture.change().rollBack(to: nil)
    let next = try fixture.night()
    #expect(next.night != open && NightNote(in: fixture.job.night(next.night))?.start == nights[0])
    let given = try fixture.history.decisions.last { $0.night == open }
    #expect(given?.outcome == .abandoned && given?.reason.contains("was rolled back since") == true)
  }

  @Test(
    "a night that does not begin, or whose schedule is none, is recorded where the job has its folder"
  )
  func notBegun() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    let path = fixture.folder.file("job.yaml")
    let options = NightSession.Options(
      checkpoints: fixture.folder.file("runs"), surroundings: fixture.surroundings,
      continueCommand: "")
    try NightSession(schedulePath: path, options: options).record(failure: "no")
    try fixture.folder.write("name: job\nmodel: {hidden: [\n", to: "job.yaml")
    NightSession.record(failure: "bad", ofSchedule: path, options: options)
    try fixture.folder.write("name: other\n", to: "job.yaml")
    NightSession.record(failure: "bad", ofSchedule: path, options: options)
    let decisions = try fixture.history.decisions
    #expect(decisions.map(\.outcome) == [.promoted, .failed, .failed])
    #expect(decisions.map(\.reason).suffix(2) == ["no", "bad"])
    #expect(decisions.allSatisfy { $0.champion == first.night })
    #expect(!FilePaths.isTaken(fixture.folder.file("runs/other")))
  }

  @Test(
    "records of finished nights that are lost are written anew as they were",
    arguments: [false, true])
  func lost(isDamaged: Bool) throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, not_worse_by: 0.2}, "
        + "exports: {npz: net.npz, c: net.c}}\n")
    let nights = try fixture.promoted(2)
    func notes() -> [NightNote?] { nights.map { NightNote(in: fixture.job.night($0)) } }
    let before = notes()
    #expect(before.map { $0?.start } == [nil, nights[0]])
    let files = nights.flatMap { night in
      ["night.json", "exports.json"].map { fixture.job.night(night).file($0) }
    }
    let exports = try files.filter { $0.hasSuffix("exports.json") }.map { try FilePaths.read($0) }
    for file in files {
      if isDamaged {
        try DurableFile.write(Array("{}".utf8), to: file)
      } else {
        try DurableFile.remove(file)
      }
    }
    #expect(try Set(fixture.verification().findings.map(\.file)) == Set(files))
    try fixture.arrive(seed: 9)
    try fixture.night()
    #expect(try fixture.verification().findings.isEmpty)
    #expect(notes() == before)
    #expect(
      try files.filter { $0.hasSuffix("exports.json") }.map { try FilePaths.read($0) } == exports)
    #expect(fixture.said.count { $0.contains("is written anew") } == 4)
    for file in files { #expect(FilePaths.isTaken(file + ".damaged") == isDamaged) }
  }

  @Test("a job whose nightly.json is gone is named as such, and the next night writes it again")
  func noNote() throws {
    let fixture = try NightFixture()
    try fixture.night()
    try DurableFile.remove(fixture.job.note)
    let locator = RunLocator(checkpoints: fixture.folder.file("runs"))
    guard case .missing(fixture.job.note, let what) = locator.jobWithoutNote("job") else {
      Issue.record("the job is not known by its decisions")
      return
    }
    #expect(what.contains("--nightly"))
    try fixture.night()
    #expect(locator.jobWithoutNote("job") == nil && locator.job("job") != nil)
  }
}
