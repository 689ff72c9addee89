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

  @Test("a reading that fails says the same where a thread computes the digest meanwhile")
  func failing() throws {
    let fixture = try RunFixture()
    let table = RunFixture.table(seed: 1, rows: 2000)
    try fixture.folder.write(table + "1,2\n", to: "data.csv")
    let alone = try #require(throws: DatasetError.self) { try fixture.session().preview() }
    for _ in 0..<3 {
      let beside = try #require(throws: DatasetError.self) {
        try fixture.session { $0.surroundings.threads = { 3 } }.preview()
      }
      #expect("\(beside)" == "\(alone)")
    }
    // What is mended is read, whatever the thread of a reading before does.
    try fixture.folder.write(table, to: "data.csv")
    let facts = try fixture.session { $0.surroundings.threads = { 3 } }.preview().plan.facts
    #expect(try facts.digest == fixture.session().preview().plan.facts.digest)
  }
}
