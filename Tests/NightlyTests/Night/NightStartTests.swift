import Nightly
import RunFixtures
import Runs
import Storage
import Testing

@Suite("What a night begins with") struct NightStartTests {
  private static let schedule =
    NightFixture.head
    + NightFixture.lenient.replacing("nightly: {", with: "nightly: {start: champion, ")

  /// What the second night, on the data of the first one, says it begins with, once the schedule is changed.
  private func second(
    _ before: String, _ after: String, then: (NightFixture, [Decision]) throws -> Void
  ) throws {
    let fixture = try NightFixture(Self.schedule)
    let first = try fixture.night()
    let changed = Self.schedule.replacing(before, with: after)
    #expect(changed != Self.schedule)
    try fixture.folder.write(changed, to: "job.yaml")
    try then(fixture, [first, try fixture.night()])
  }

  @Test(
    "an edited schedule has its effect on the data of the last night",
    arguments: [
      ("start: champion", "start: cold", nil, "nightly.start; start is cold"),
      ("[7, 6]", "[8, 6]", nil, "model.hidden; start is champion"),
      (
        "finetune: {epochs: 1}", "finetune: {epochs: 2}", "first",
        "stages[2].finetune.epochs; start is champion"
      ),
      (
        "start: champion", "cold_start_every: 1", nil,
        "nightly.cold_start_every; cold_start_every is 1"
      ),
    ] as [(String, String, String?, String)])
  func edited(before: String, after: String, start: String?, reason: String) throws {
    try second(before, after) { fixture, nights in
      let note = NightNote(in: fixture.job.night(nights[1].night))
      #expect(note?.start == start.map { _ in nights[0].night })
      let said = fixture.said.first { $0.contains(" begins with ") } ?? ""
      if before == "[7, 6]" {
        #expect(said.contains("a new network: model has changed since \(nights[0].night)"))
      } else {
        #expect(said.hasSuffix("the data are those of \(nights[0].night), but not \(reason)"))
      }
      #expect(nights[1].reason != "the same network as the champion" || start == nil)
      // The same again: now it counts.
      let third = try fixture.night()
      #expect(third.challenger?.sha256 == nights[1].challenger?.sha256)
      #expect(
        fixture.said.contains {
          $0.hasSuffix("the stages that \(nights[1].night) has computed are used again")
        })
    }
  }

  @Test("what changes nothing of a night's network lets what was computed count")
  func unaffected() throws {
    try second("not_worse_by: 0.2", "not_worse_by: 0.3") { fixture, nights in
      #expect(nights[1].reason == "the same network as the champion")
      #expect(
        fixture.said.contains {
          $0.hasSuffix(
            "the data and the settings are those of \(nights[0].night); the stages that \(nights[0].night) has "
              + "computed are used again")
        })
    }
  }

  @Test("another scaling begins anew, with a warning that the decision records")
  func scaling() throws {
    let fixture = try NightFixture(Self.schedule)
    let first = try fixture.night()
    try fixture.folder.write(
      Self.schedule.replacing("scale: standard", with: "scale: unit"), to: "job.yaml")
    try fixture.arrive(seed: 3)
    let second = try fixture.night()
    #expect(NightNote(in: fixture.job.night(second.night))?.start == nil)
    #expect(second.warnings.count == 1)
    #expect(second.warnings.first?.hasPrefix("data.scale has changed since \(first.night)") == true)
    #expect(fixture.said.contains { $0.hasPrefix("warning: data.scale") })
  }

  @Test("an interrupted night whose network would be another by now is given up")
  func interrupted() throws {
    let fixture = try NightFixture(Self.schedule)
    #expect(throws: RunFailure.self) { try fixture.night(stopAt: 4, after: 5) }
    try fixture.folder.write(Self.schedule.replacing("[7, 6]", with: "[8, 6]"), to: "job.yaml")
    #expect(try fixture.night().night == "2026-03-01T0005")
    let decisions = try fixture.history.decisions
    #expect(decisions.map(\.outcome) == [.abandoned, .promoted])
    #expect(decisions[0].reason.hasSuffix("model of its schedule has changed"))
  }
}
