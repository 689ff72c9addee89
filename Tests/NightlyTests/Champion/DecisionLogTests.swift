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
}
