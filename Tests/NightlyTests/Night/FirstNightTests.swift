import Nightly
import Testing

@Suite("The first night of a job") struct FirstNightTests {
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
