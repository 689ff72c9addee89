import Reports
import RunFixtures
import Runs
import Storage
import Testing

@Suite("The result of a run that is not finished") struct PartialResultTests {
  private func result(_ fixture: RunFixture) -> PartialResult? {
    PartialResult(fixture.run.result, .still)
  }

  @Test("says the stage that it is of and how many are to do; that of a finished run is whole")
  func stopped() throws {
    let fixture = try RunFixture()
    try fixture.run { $0.until = "evaluate" }
    let part = try #require(result(fixture))
    #expect(part.stage == "train" && part.open == 4 && !part.isChanged)
    #expect(
      "\(part)".hasSuffix(
        ": this is the network of stage train, and 4 stages that change it are still to do; ecpipe resume "
          + "\(fixture.run.path) goes on"))
    // A file of its own is what was asked for.
    #expect(PartialResult(try fixture.folder.file(fixture.checkpoint("train")), .still) == nil)
    try fixture.run()
    #expect(result(fixture) == nil)
  }

  @Test("is one as well where the schedule has other settings by now")
  func changed() throws {
    let fixture = try RunFixture()
    try fixture.run()
    let text = try fixture.folder.text("tiny.yaml")
    try fixture.folder.write(
      text.replacing("finetune: {epochs: 1}", with: "finetune: {epochs: 3}"), to: "tiny.yaml")
    let part = try #require(result(fixture))
    #expect(part.isChanged && part.open > 0)
    #expect("\(part)".contains("by the schedule as it is now "))
  }
}
