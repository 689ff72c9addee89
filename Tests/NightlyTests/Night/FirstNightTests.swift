import Nightly
import RunFixtures
import TestSupport
import Testing

@Suite("The first night of a job") struct FirstNightTests {
  @Test("a network that has learnt nothing of its classes is refused, and the figures are recorded")
  func learntNothing() throws {
    let fixture = try NightFixture(
      NightFixture.head + NightFixture.lenient)
    // Classes that have nothing to do with the columns.
    var draw = SeededGenerator(seed: 5)
    for (file, seed) in [("train.csv", 1), ("test.csv", 2)] {
      let lines = RunFixture.table(seed: UInt64(seed), rows: 120).split(separator: "\n")
      let others = lines.dropFirst().map { line in
        line.dropLast() + "\(draw.integers(1, below: 3)[0])"
      }
      try fixture.folder.write(
        ([lines[0]] + others).joined(separator: "\n") + "\n", to: file)
    }
    let decision = try fixture.night()
    #expect(decision.outcome == .refused && fixture.job.linkedNight == nil)
    #expect(decision.reason.contains("not shown to be better than a constant answer"))
    #expect(try fixture.history.decisions.last?.comparison?.constant != nil)
  }

  @Test(
    "a first network that pruning has ruined is refused, also where the next night begins with it",
    arguments: ["start: champion, ", "start: challenger, "])
  func ruined(start: String) throws {
    let schedule = NightFixture.head.replacing(
      "  - train: {epochs: 2}\n  - prune: {to: 0.5}\n  - finetune: {epochs: 1}",
      with: "  - train: {epochs: 30}\n  - prune: {to: 0.97}")
    let fixture = try NightFixture(
      schedule + "nightly: {\(start)guard: {min_rows: 1}, promote: {min_rows: 10}}\n")
    let first = try fixture.night()
    #expect(first.outcome == .refused && fixture.job.linkedNight == nil)
    let (dense, own) = (first.comparison?.dense ?? 0, first.challenger?.value ?? 1)
    #expect(dense > own + 0.2)
    #expect(first.reason.contains("stage train"))
    try fixture.arrive(seed: 3)
    let second = try fixture.night()
    #expect(second.outcome == .refused && second.comparison?.dense != nil)
    #expect(second.reason.contains("of \(first.night)") == (start == "start: challenger, "))
    #expect(try fixture.change().promote(first.night).champion == first.night)
  }
}
