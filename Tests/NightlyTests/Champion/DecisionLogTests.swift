import Nightly
import Storage
import Testing

@Suite("decisions.jsonl") struct DecisionLogTests {
  @Test("decisions come back as they were written, and damaged lines are named")
  func lines() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try fixture.arrive(seed: 3)
    let second = try fixture.night()
    #expect(try fixture.history.decisions == [first, second])
    var bytes = try FilePaths.read(fixture.job.decisions)
    bytes[bytes.count / 4] ^= 1
    try DurableFile.write(bytes, to: fixture.job.decisions)
    let history = try fixture.history
    #expect(history.decisions == [second] && history.damaged == [1])
  }

  @Test("a last line that was never finished does not count, and goes when the next is added")
  func torn() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try DurableFile.append(Array("{\"night\":".utf8), to: fixture.job.decisions)
    #expect(try fixture.history.decisions == [first])
    #expect(try fixture.history.damaged.isEmpty)
    let second = try fixture.night()
    #expect(try fixture.history.decisions == [first, second])
  }

  @Test("a night that failed does not make the network in service one that nobody has looked at")
  func digest() throws {
    let fixture = try NightFixture()
    let first = try fixture.night()
    try fixture.folder.write("a,b\nx\n", to: "train.csv")
    #expect(throws: (any Error).self) { try fixture.night() }
    let decisions = try fixture.history.decisions
    #expect(decisions.last?.champion == first.night && decisions.last?.championDigest == nil)
    #expect(NightHistory.digest(of: first.night, in: decisions) == first.championDigest)
    #expect(NightHistory.digest(of: "2026-01-01T0000", in: decisions) == nil)
  }
}
