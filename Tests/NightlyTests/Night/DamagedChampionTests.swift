import Nightly
import Runs
import Schedules
import Storage
import Testing

@Suite("A champion that is not sound") struct DamagedChampionTests {
  @Test("the newest sound one that served takes its place, judges and is begun with")
  func fallback() throws {
    for isThere in [true, false] {
      let fixture = try NightFixture()
      let nights = try fixture.promoted(3)
      if isThere {
        try fixture.damage(nights[2])
      } else {
        try DurableFile.move(
          fixture.job.file(nights[2]), to: fixture.folder.file("elsewhere"))
      }
      try fixture.arrive(seed: 9)
      let decision = try fixture.night()
      #expect(decision.incumbent?.night == nights[1])
      #expect(NightNote(in: fixture.job.night(decision.night))?.start == nights[1])
      let back = try #require(try fixture.history.decisions.last { $0.outcome == .rolledBack })
      #expect(back.night == nights[1] && !back.isForced && back.reason.contains("not sound"))
      #expect(fixture.alarms.count == 1 && decision.warnings == fixture.alarms)
      #expect(fixture.alarms.first?.contains(nights[1]) == true)
    }
  }

  @Test("a network that is not sound is no way back, so the sound one before it stays")
  func retention() throws {
    let fixture = try NightFixture()
    let nights = try fixture.promoted(4)
    try fixture.damage(nights[2])
    let retention = NightRetention(fixture.job, keep: .some(RetentionPolicy(last: 1)))
    func kept() throws -> [String] {
      try retention.preview(fixture.history.decisions).filter { $0.reasons.contains("predecessor") }
        .map(\.night)
    }
    #expect(try kept() == [nights[1]])
    try fixture.damage(nights[3])
    #expect(try kept() == [nights[1]])
  }
}
