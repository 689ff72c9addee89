import Nightly
import RunFixtures
import Runs
import Storage
import Testing

@Suite("Changing the champion by hand") struct ServiceChangeTests {
  /// Three nights, each promoted.
  private func promoted() throws -> (NightFixture, [String]) {
    let fixture = try NightFixture()
    let nights = try (1...3).map { seed in
      try fixture.arrive(seed: UInt64(seed))
      return try fixture.night { $0.isForced = true }.night
    }
    return (fixture, nights)
  }

  @Test("a rollback goes to the network that was in service before, and is recorded")
  func back() throws {
    let (fixture, nights) = try promoted()
    let decision = try fixture.change().rollBack(to: nil)
    #expect(decision.night == nights[1] && decision.outcome == .rolledBack && decision.isForced)
    #expect(fixture.job.linkedNight == nights[1])
    #expect(try fixture.history.decisions.last == decision)
    #expect(try fixture.change().rollBack(to: nil).night == nights[0])
    #expect(throws: RunFailure.self) { try fixture.change().rollBack(to: nil) }
  }

  @Test("of a night that was let go, and of a damaged one, it says where one can go back to")
  func letGo() throws {
    let (fixture, nights) = try promoted()
    try fixture.night()
    for night in [nights[1], "2026-03-04T0000"] {
      try NightFixture.remove(fixture.job.file(night))
    }
    func what(_ night: String?) throws -> String {
      let error = try #require(throws: RunFailure.self) { try fixture.change().rollBack(to: night) }
      return "\(error)"
    }
    let way = "you can go back to: \(nights[0]) (ecpipe rollback job --to NIGHT)"
    for night in [nil, "2026-03-04T0000"] {
      #expect(try what(night).hasSuffix("it was let go, by nightly.keep or ecpipe gc; " + way))
    }
    #expect(try !what("2026-01-01T0000").contains("let go"))
    #expect(try fixture.history.gone == [nights[1], "2026-03-04T0000"])
    try fixture.damage(nights[0])
    #expect(try what(nights[0]).hasSuffix("no other network that was in service is left"))
  }

  @Test(
    "a rollback that was ended before the link is finished by the same command, and not made twice")
  func twice() throws {
    let (fixture, nights) = try promoted()
    let first = try fixture.change().rollBack(to: nil)
    for wanted in [nil, nights[1]] {
      // As it is between the decision and the link.
      try DurableFile.link(fixture.job.champion, to: nights[2])
      #expect(try fixture.history.standing == .pending(first, linked: nights[2]))
      // A process that was killed there has damaged nothing.
      let report = try fixture.verification()
      #expect(report.findings.isEmpty)
      #expect(report.notes.contains { $0.hasPrefix("\(fixture.job.champion): the record says") })
      #expect(try fixture.change().rollBack(to: wanted) == first)
      #expect(fixture.said.last?.contains("is finished") == true)
      #expect(fixture.job.linkedNight == nights[1])
      #expect(try fixture.history.decisions.count == 4 && fixture.history.standing == .agreed)
    }
    #expect(try fixture.verification().findings.isEmpty)
    let promotion = try fixture.change().promote(nights[2])
    try DurableFile.link(fixture.job.champion, to: nights[1])
    #expect(try fixture.change().promote(nights[2]) == promotion)
    #expect(fixture.job.linkedNight == nights[2])
  }

  @Test("where one night alone has a network, there is nothing to name")
  func alone() throws {
    let fixture = try NightFixture()
    try fixture.night()
    let error = try #require(throws: RunFailure.self) { try fixture.change().rollBack(to: nil) }
    #expect("\(error)".hasSuffix("there is no other night with a network to go back to"))
    #expect(try JobStatus(fixture.job).decisions == 1)
  }

  @Test("the way back leads to a network that was rolled back from only where there is no other")
  func wayBack() throws {
    let (fixture, nights) = try promoted()
    try fixture.change().rollBack(to: nights[0])
    try NightFixture.remove(fixture.job.file(nights[1]))
    let error = try #require(throws: RunFailure.self) { try fixture.change().promote(nights[1]) }
    #expect(
      "\(error)".hasSuffix(
        "you can go back to: \(nights[2]) (ecpipe rollback job --to NIGHT), though somebody has rolled back "
          + "from there"))
    #expect(try fixture.change().rollBack(to: nights[2]).night == nights[2])
  }

  @Test("a network that was refused gets its exports when it is promoted by hand")
  func exports() throws {
    let fixture = try NightFixture(
      NightFixture.head
        + "nightly: {guard: {min_rows: 1}, promote: {min_rows: 10, max_bytes: 1}, "
        + "exports: {safetensors: net.safetensors, c: {file: net.c, int8: true}}}\n")
    let night = try fixture.night().night
    #expect(fixture.job.linkedNight == nil)
    try fixture.change().promote(night)
    #expect(
      FilePaths.entries(of: fixture.job.champion + "/exports").sorted() == [
        "net.c", "net.h", "net.safetensors",
      ])
  }

  @Test("a damaged network is refused, and the champion stays")
  func damaged() throws {
    let (fixture, nights) = try promoted()
    try fixture.damage(nights[1])
    #expect(throws: RunFailure.self) { try fixture.change().rollBack(to: nil) }
    #expect(fixture.job.linkedNight == nights[2])
    #expect(try fixture.history.decisions.count == 3)
    #expect(try fixture.change().rollBack(to: nights[0]).night == nights[0])
  }

  @Test("a network that does something else than when it was judged is refused")
  func witness() throws {
    let (fixture, nights) = try promoted()
    let path = fixture.job.night(nights[1]).file(Witness.file)
    var json = try JSONValue(parsing: FilePaths.read(path))
    json["outputs"] = .array(
      json["outputs"]?.arrayValue?.map { row in
        .array(row.arrayValue?.map { JSONValue(($0.doubleValue ?? 0) + 1) } ?? [])
      } ?? [])
    try DurableFile.write(Array(json.canonical.utf8), to: path)
    #expect(throws: RunFailure.self) { try fixture.change().rollBack(to: nil) }
    #expect(fixture.job.linkedNight == nights[2])
  }

  @Test("a network that was rolled back from is not promoted again by itself")
  func rejected() throws {
    let (fixture, nights) = try promoted()
    try fixture.change().rollBack(to: nil)
    let again = try fixture.night()
    #expect(again.outcome == .refused && fixture.job.linkedNight == nights[1])
    let forced = try fixture.change().promote(nights[2])
    #expect(forced.outcome == .promoted && forced.isForced)
    #expect(fixture.job.linkedNight == nights[2])
  }

  @Test(
    "a rollback behind a torn last decision holds: the network is recorded, and not decided on again"
  )
  func torn() throws {
    let (fixture, nights) = try promoted()
    let path = fixture.job.decisions
    try DurableFile.write(Array(FilePaths.read(path).dropLast(20)), to: path)
    try fixture.change().rollBack(to: nil)
    #expect(fixture.job.linkedNight == nights[1])
    #expect(try fixture.history.decisions.map(\.night) == nights + [nights[1]])
    let again = try fixture.night()
    #expect(!nights.contains(again.night) && again.outcome == .refused)
    #expect(fixture.job.linkedNight == nights[1])
  }

  @Test("what is in service already, and what there is not, are errors")
  func refused() throws {
    let (fixture, nights) = try promoted()
    #expect(throws: RunFailure.self) { try fixture.change().promote(nights[2]) }
    #expect(throws: RunFailure.self) { try fixture.change().promote("2026-01-01T0000") }
    #expect(try fixture.history.decisions.count == 3)
  }
}
