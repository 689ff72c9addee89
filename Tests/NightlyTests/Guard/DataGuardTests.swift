import Glibc
import Nightly
import RunFixtures
import Runs
import Schedules
import Storage
import TestSupport
import Testing

@Suite("The guard of a night's data") struct DataGuardTests {
  private static let lenient =
    "nightly: {guard: GUARD, promote: {min_rows: 10, not_worse_by: 0.2}}\n"

  private func fixture(_ settings: String) throws -> NightFixture {
    try NightFixture(NightFixture.head + Self.lenient.replacing("GUARD", with: settings))
  }

  @Test("fewer rows than stated, or than the champion had, stop a night")
  func rows() throws {
    let fixture = try fixture("{min_rows: 40, rows_drop: 0.5, psi: any}")
    try fixture.arrive(seed: 1, rows: 39)
    #expect(try fixture.refusals().map { $0.prefix(7) } == ["39 rows"])
    #expect(fixture.job.nights.isEmpty)
    try fixture.arrive(seed: 1, rows: 120)
    #expect(try fixture.refusals().isEmpty)
    try fixture.arrive(seed: 2, rows: 59)
    #expect(try fixture.refusals().map { $0.prefix(7) } == ["59 rows"])
    #expect(try fixture.history.decisions.map(\.outcome) == [.stopped, .promoted, .stopped])
  }

  @Test("a column that has drifted stops a night, and the message shows both distributions")
  func drift() throws {
    let fixture = try fixture("{min_rows: 1}")
    try fixture.arrive(seed: 1, rows: 600)
    try fixture.night()
    let table = RunFixture.table(seed: 2, rows: 600)
    let shifted = table.split(separator: "\n").enumerated().map { index, line in
      let fields = line.split(separator: ",")
      guard index > 0, let value = Double(fields[3]) else { return String(line) }
      return (fields[..<3] + ["\(value + 1)"] + fields[4...]).joined(separator: ",")
    }
    try fixture.folder.write(shifted.joined(separator: "\n") + "\n", to: "train.csv")
    let reasons = try fixture.refusals()
    #expect(
      reasons.count == 1
        && reasons[0].hasPrefix(
          "column d: the distribution has moved; its population stability index (psi) is ")
    )
    #expect(reasons[0].contains("champion ") && reasons[0].contains("tonight "))
    let forced = try fixture.night { $0.isForced = true }
    #expect(forced.outcome == .promoted && forced.warnings == reasons)
  }

  @Test("a column without a name is called by its place")
  func nameless() throws {
    let fixture = try fixture("{min_rows: 1, psi: any, range: 1}")
    func lines(_ seed: UInt64, _ rows: Int) -> [Substring] {
      Array(RunFixture.table(seed: seed, rows: rows).split(separator: "\n").dropFirst())
    }
    func arrive(_ lines: [Substring], as name: String = "train.csv") throws {
      try fixture.folder.write(lines.joined(separator: "\n") + "\n", to: name)
    }
    try arrive(lines(2, 60), as: "test.csv")
    try arrive(lines(1, 600))
    try fixture.night()
    var tonight = lines(2, 600)
    var fields = tonight[300].split(separator: ",")
    fields[4] = "9.5"
    tonight[300] = fields.joined(separator: ",")[...]
    try arrive(tonight)
    let reasons = try fixture.refusals()
    #expect(reasons.count == 1 && reasons[0].hasPrefix("column 5: 9.5 where"), "\(reasons)")
  }

  @Test("few rows of the same distribution raise no alarm")
  func chance() throws {
    let fixture = try fixture("{min_rows: 1, rows_drop: any}")
    try fixture.arrive(seed: 1, rows: 600)
    try fixture.night()
    for seed in 10..<16 {
      try fixture.arrive(seed: UInt64(seed), rows: 36)
      #expect(try fixture.refusals().isEmpty)
    }
  }

  @Test("rows are compared with those of the network that is in service now")
  func rolledBack() throws {
    let fixture = try fixture("{min_rows: 1, psi: any, rows_drop: 0.5}")
    try fixture.arrive(seed: 1, rows: 60)
    let first = try fixture.night()
    try fixture.arrive(seed: 2, rows: 200)
    let second = try fixture.night { $0.isForced = true }
    try fixture.arrive(seed: 3, rows: 70)
    #expect(try fixture.refusals().count == 1)
    try fixture.change().rollBack(to: nil)
    #expect(fixture.job.linkedNight == first.night)
    #expect(try fixture.refusals().isEmpty)
    try fixture.arrive(seed: 4, rows: 70)
    try fixture.change().promote(second.night)
    #expect(try fixture.refusals().count == 1)
  }

  @Test("a profile that is damaged or missing is said, and compares nothing")
  func noProfile() throws {
    let fixture = try fixture("{min_rows: 1, rows_drop: 0.5}")
    try fixture.arrive(seed: 1, rows: 200)
    let first = try fixture.night()
    let path = fixture.job.night(first.night).file(DataProfile.file)
    let text = String(decoding: try FilePaths.read(path), as: UTF8.self)
    try DurableFile.write(
      Array(text.replacing("\"rows\":200", with: "\"rows\":100").utf8), to: path)
    try fixture.arrive(seed: 2, rows: 60)
    let decision = try fixture.night()
    #expect(decision.warnings.count == 1 && decision.warnings[0].hasPrefix(path))
    #expect(fixture.said.contains("warning: " + decision.warnings[0]))
  }

  @Test("one value far beyond the champion's stops a night where that is stated")
  func range() throws {
    let fixture = try fixture("{min_rows: 1, psi: any, range: 1}")
    try fixture.arrive(seed: 1, rows: 600)
    try fixture.night()
    let lines = RunFixture.table(seed: 2, rows: 600).split(separator: "\n")
    func arrive(_ value: String) throws {
      var fields = lines[301].split(separator: ",")
      fields[4] = Substring(value)
      let table = lines[..<301] + [fields.joined(separator: ",")[...]] + lines[302...]
      try fixture.folder.write(table.joined(separator: "\n") + "\n", to: "train.csv")
    }
    // Its values are from -1 to 1, so that a width more is up to about 3.
    try arrive("3.1")
    let reasons = try fixture.refusals()
    #expect(
      reasons.count == 1 && reasons[0].hasPrefix("column e: 3.1 where the champion knows -0.9"))
    try arrive("-3.1")
    #expect(try fixture.refusals().count == 1)
    try arrive("2.9")
    #expect(try fixture.refusals().isEmpty)
  }

  @Test(
    "a target that is the same in every row stops a night, the first one and one with a champion")
  func constantTarget() throws {
    let regression = NightFixture.head.replacing("task: classification", with: "task: regression")
    let fixture = try NightFixture(
      regression + "nightly: {guard: {min_rows: 1, psi: any}, promote: {min_rows: 10}}\n")
    func arrive(isConstant: Bool) throws {
      let table = RunFixture.table(seed: 1, rows: 200, isRegression: true)
      let lines = table.split(separator: "\n").enumerated().map { index, line in
        guard isConstant, index > 0, let end = line.lastIndex(of: ",") else { return String(line) }
        return line[...end] + "150"
      }
      try fixture.folder.write(lines.joined(separator: "\n") + "\n", to: "train.csv")
    }
    try fixture.folder.write(
      RunFixture.table(seed: 2, rows: 200, isRegression: true), to: "test.csv")
    let expected = "the target target is 150 in every row to train on, so there is nothing to learn"
    try arrive(isConstant: true)
    #expect(try fixture.refusals() == [expected])
    try arrive(isConstant: false)
    let champion = try fixture.night { $0.isForced = true }.night
    try arrive(isConstant: true)
    #expect(try fixture.refusals() == [expected])
    #expect(fixture.job.linkedNight == champion)
  }

  @Test("warn says it and goes on")
  func warn() throws {
    let fixture = try fixture("{min_rows: 1000, action: warn}")
    let decision = try fixture.night()
    #expect(decision.outcome == .promoted && decision.warnings.count == 1)
    #expect(fixture.said.contains("warning: " + decision.warnings[0]))
  }

  @Test("a file that is still open for writing stops a night", .timeLimit(.minutes(1)))
  func writing() throws {
    let fixture = try fixture("{min_rows: 1}")
    let path = fixture.folder.file("train.csv")
    let child = try ChildProcess(["sh", "-c", "exec 3>>\"$0\"; exec sleep 600", path])
    while FileGuard(.standard, now: "").findings([path]).isEmpty {
      try #require(child.isRunning)
    }
    #expect(try fixture.refusals() == ["\(path) is still being written"])
    withExtendedLifetime(child) {}
  }

  @Test("an old file stops a night where that is stated")
  func stale() throws {
    let fixture = try fixture("{min_rows: 1, stale: 36h}")
    let path = fixture.folder.file("train.csv")
    let now = try #require(FileStamp(path: path)).modified / 1_000_000_000
    let settings = DataGuardSettings(
      psi: nil, rowsDrop: nil, minRows: 1, stale: .seconds(36 * 3600), action: .stop)
    // The clock so many hours behind the file's time.
    func findings(_ hours: Int) -> [String] {
      FileGuard(settings, now: Self.text(now + hours * 3600)).findings([path])
    }
    #expect(RetentionPolicy.seconds(of: "2026-03-01T00:00:00Z") == 1_772_323_200)
    #expect(findings(35).isEmpty)
    #expect(findings(37).count == 1)
  }

  /// Seconds since 1970 as ISO 8601.
  private static func text(_ seconds: Int) -> String {
    var (seconds, parts) = (seconds, tm())
    gmtime_r(&seconds, &parts)
    var text = [CChar](repeating: 0, count: 32)
    strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  @Test("of a column of text that has moved the new levels and those that changed most are named")
  func levels() throws {
    let fixture = try fixture("{min_rows: 1}")
    let schedule = try fixture.folder.text("job.yaml")
    try fixture.folder.write(
      schedule.replacing(
        "  scale: standard", with: "  scale: standard\n  categorical: {one_hot: {unknown: zeros}}"),
      to: "job.yaml")
    func table(_ names: [String]) -> String {
      let lines = RunFixture.table(seed: 1, rows: 600).split(separator: "\n")
      return "city," + lines[0] + "\n"
        + lines.dropFirst().enumerated().map {
          names[$0.offset / 3 % names.count] + "," + $0.element
        }
        .joined(separator: "\n") + "\n"
    }
    try fixture.folder.write(table(["Rome", "Ulm"]), to: "test.csv")
    try fixture.folder.write(table(["Rome", "Ulm"]), to: "train.csv")
    try fixture.night { $0.isForced = true }
    try fixture.folder.write(table(["Ulm", "Oslo", "Ulm", "Ulm"]), to: "train.csv")
    let reasons = try fixture.refusals()
    #expect(
      reasons.first?.hasSuffix(
        "; changed most: \"Rome\" from 50 % to 0 %, \"Ulm\" from 50 % to 75 %")
        == true)
    #expect(reasons.first?.contains("; new: ") == true)
  }

  /// Python 3.11: sum((b - a) * math.log(b / a) for a, b in zip(p, q)), p and q the shares below.
  @Test("the index is that of its definition")
  func index() {
    let levels = ["a", "b", "c", "d"]
    let then = ColumnProfile(name: "x", levels: levels, counts: [10, 20, 30, 35, 5])
    let now = ColumnProfile(name: "x", levels: levels, counts: [20, 20, 20, 30, 10])
    #expect(abs(then.stabilityIndex(of: now) - 0.15222612188617113) < 1e-15)
    #expect(then.stabilityIndex(of: then) == 0)
  }
}
