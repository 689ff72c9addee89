import Nightly
import Runs
import Storage
import Testing

@Suite("Who is told of a champion that was changed by hand") struct ServiceNewsTests {
  /// What is said once the first of two promoted nights is put back.
  private func told(_ hooks: String, _ spoil: (NightFixture) throws -> Void = { _ in }) throws
    -> (fixture: NightFixture, said: [String])
  {
    let nightly = NightFixture.lenient.replacing("nightly: {", with: "nightly: {\(hooks), ")
    let fixture = try NightFixture(NightFixture.head + nightly)
    for seed in [1, 2] {
      try fixture.arrive(seed: UInt64(seed))
      try fixture.night { $0.isForced = true }
    }
    try spoil(fixture)
    var said: [String] = []
    let news = ServiceNews(
      fixture.job, surroundings: fixture.surroundings, environment: ["PATH": "/usr/bin:/bin"]
    ) { said.append($0) }
    news.tell(of: try fixture.change().rollBack(to: nil)) { ["state": .string($0.state.rawValue)] }
    return (fixture, said)
  }

  @Test("the command of promoted, with its words and the report, and no other")
  @MainActor func hook() throws {
    let (fixture, said) = try told(
      "hooks: {promoted: {command: [tee, \"{champion} {state}\"], timeout: 10m}, after: [touch, after]}"
    )
    #expect(said == ["2026-03-01T0000: rolled back by hand from 2026-03-02T0000"])
    #expect(try fixture.folder.text("2026-03-01T0000 promoted") == "{\"state\":\"promoted\"}\n")
    #expect(!FilePaths.exists(fixture.folder.file("after")))
  }

  @Test("one that fails, or whose schedule cannot be read, is a warning")
  @MainActor func failing() throws {
    let (fixture, said) = try told("hooks: {promoted: {command: [\"false\"], timeout: 10m}}")
    #expect(said.last == "warning: hooks: promoted: it ended with exit code 1")
    #expect(fixture.job.linkedNight == "2026-03-01T0000")
    let gone = try told("hooks: {promoted: [\"true\"]}") {
      try DurableFile.remove($0.folder.file("job.yaml"))
    }
    #expect(gone.said.last?.hasPrefix("warning: hooks: promoted: it was not called: ") == true)
  }
}
