import Datasets
import RunFixtures
import Runs
import Testing

@Suite("DataReading") struct DataReadingTests {
  @Test(
    "what data are is known from the reading that plans, and is the same where they are read for it"
  )
  func summary() throws {
    let fixture = try RunFixture()
    let session = try fixture.session()
    let first = try session.preview(summarizing: true)
    let known = try #require(try session.summary(first))
    #expect(known.rows == 60 && known.classes.count == 3)
    let again = try session.summary(session.preview())
    withExtendedLifetime(fixture) { #expect(again == known) }
  }

  @Test("the digest is the same where a thread of its own computes it")
  func digest() throws {
    let fixture = try RunFixture()
    let alone = try fixture.session().preview().plan.facts
    let beside = try fixture.session { $0.surroundings.threads = { 3 } }.preview().plan.facts
    #expect(beside.digest == alone.digest)
  }
}
