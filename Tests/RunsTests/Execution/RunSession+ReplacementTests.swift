import RunFixtures
import Runs
import Storage
import Testing

@Suite("Results that others take the place of") struct RunSessionReplacementTests {
  @Test("are told of: what differs, and where they stay")
  func replaced() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let result = try #require(FilePaths.linkTarget(fixture.run.result))
    try fixture.run { $0.overrides = ["seed=8"] }
    let warnings = fixture.warnings.filter {
      $0.contains("its result was made with other settings")
    }
    #expect(
      warnings == [
        "\(fixture.run.path): its result was made with other settings (seed was 7 and is 8); what these make "
          + "takes its place, and the old model stays in \(result): the old settings bring it back, without "
          + "computing it again; to keep both results, give this one a name of its own: --set name=tiny-2"
      ])
    // The same settings again, and stages behind the result, take nothing's place.
    try fixture.run { $0.overrides = ["seed=8"] }
    #expect(fixture.warnings.isEmpty)
    // Back again: nothing is computed, and that the other result goes is said as well.
    #expect(try fixture.run().computed == 0)
    #expect(fixture.warnings.contains { $0.contains("(seed was 8 and is 7)") })
    #expect(FilePaths.linkTarget(fixture.run.result) == result)

    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing("finetune: {epochs: 1}", with: "finetune: {epochs: 2}"))
    try fixture.run()
    #expect(
      fixture.warnings.contains {
        $0.contains("(epochs was 1 and is 2 in stage alternate/01/finetune)")
      })
    try fixture.write(
      schedule: RunFixture.head
        + RunFixture.stages.replacing("finetune: {epochs: 1}", with: "finetune: {epochs: 2}")
        + "\n  - shrink: {}\n")
    try fixture.run()
    #expect(fixture.warnings.isEmpty)
  }
}
