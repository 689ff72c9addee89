import RunFixtures
import Runs
import Schedules
import Storage
import TestSupport
import Testing

@Suite("What data and networks do not allow, told where the schedule has it")
struct PlanObstacleTests {
  private func refusal(_ text: String, set overrides: [String] = []) throws -> String {
    let fixture = try RunFixture(text)
    let error = #expect(throws: (any Error).self) {
      try fixture.session { $0.overrides = overrides }.feasiblePreview()
    }
    return error.map { "\($0)".replacing(fixture.folder.file("tiny.yaml"), with: "tiny.yaml") }
      ?? ""
  }

  @Test(
    "a stage, by its entry; of an alternation with the round",
    arguments: [
      (
        "stages:\n  - train: {epochs: 1}\n  - prune: {to: 0.5}\n  - prune: {to: 0.99}\n",
        "tiny.yaml:11:12: stages[2].prune: cannot prune to "
      ),
      (
        "stages:\n  - alternate:\n      rounds: 2\n      sparsity: {to: 0.99}\n      finetune: {epochs: 1}\n",
        "tiny.yaml:10:7: stages[0].alternate: stage alternate/02/prune: cannot prune to "
      ),
    ])
  func stage(stages: String, message: String) throws {
    let text = try refusal(RunFixture.head + stages)
    #expect(text.hasPrefix(message), "\(text)")
  }

  @Test("keys of training and of the log, and what the command line sets")
  func keys() throws {
    let loss = RunFixture.head.replacing(
      "{batch: 16,", with: "{batch: 16, loss: binary_cross_entropy,")
    #expect(
      try refusal(loss + RunFixture.stages).hasPrefix(
        "tiny.yaml:7:29: training.loss: binary_cross_entropy takes two classes"))
    #expect(
      try refusal(
        RunFixture.head + RunFixture.stages, set: ["training.loss=binary_cross_entropy"]
      ).hasPrefix("--set training.loss=binary_cross_entropy: training.loss: binary_cross_entropy"))
    #expect(
      try refusal(RunFixture.head + RunFixture.stages + "\nlog: {csv: data.csv}\n")
        .contains("tiny.yaml:15:12: log.csv: "))
  }
}
