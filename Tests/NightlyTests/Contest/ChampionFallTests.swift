import Nightly
import Schedules
import Testing

@Suite("Whether the network in service has fallen") struct ChampionFallTests {
  private func settings(
    _ metric: PromotionSettings.Metric, most: Double? = 2
  ) -> PromotionSettings {
    PromotionSettings(metric: metric, notWorseBy: 0.01, championFalls: most)
  }

  private func hasFallen(
    _ then: Double, on rowsThen: Int = 200, wrong: Int, of rows: Int = 200, most: Double? = 2
  ) -> Bool {
    let hits = (0..<rows).map { $0 >= wrong }
    return ChampionFall(
      settings(.accuracy, most: most), then: ChampionFall.Measure(value: then, rows: rowsThen),
      now: Double(rows - wrong) / Double(rows), scores: .hits(hits)) != nil
  }

  @Test("where its share of wrong rows is beyond what is allowed and what chance explains")
  func accuracy() {
    #expect(hasFallen(0.98, wrong: 92))
    #expect(!hasFallen(0.98, wrong: 4))
    // Three times as many, which 200 rows do not tell from twice as many.
    #expect(!hasFallen(0.98, wrong: 12))
    #expect(hasFallen(0.98, on: 20_000, wrong: 1200, of: 20_000))
    #expect(!hasFallen(0.98, wrong: 92, most: nil))
    #expect(!hasFallen(0.98, wrong: 92, most: 50))
    // None was wrong then.
    #expect(hasFallen(1, wrong: 40) && !hasFallen(1, wrong: 2))
  }

  @Test("where its error is, also where a single row makes it")
  func errors() throws {
    let usual = (0..<300).map { Double($0 % 7) - 3 }
    func fall(_ errors: [Double], _ now: Double) -> ChampionFall? {
      ChampionFall(
        settings(.rmse), then: ChampionFall.Measure(value: 2, rows: 300), now: now,
        scores: .errors(errors))
    }
    #expect(fall(usual, 2) == nil)
    #expect(fall(usual.map { 1.5 * $0 }, 3) == nil)
    #expect(fall(usual.map { 3 * $0 }, 6) != nil)
    #expect(fall([1e6] + usual, 57_640) != nil)
    #expect(fall([.infinity] + usual, .infinity) != nil)
    let text = try #require(fall(usual.map { 3 * $0 }, 6)).text
    #expect(
      text
        == "the network in service has fallen from rmse 2 on 300 rows, when it was judged, to 6 on tonight's "
        + "300: the data have changed, or are wrong")
  }

  @Test("a night on which it has is refused, with both figures, and can be forced")
  func night() throws {
    let fixture = try NightFixture(
      NightFixture.head.replacing("epochs: 2", with: "epochs: 40")
        + NightFixture.lenient.replacing("min_rows: 10", with: "min_rows: 10, champion_falls: 1.2"))
    let first = try fixture.night()
    #expect(try #require(first.challenger?.value) > 0.6)
    // The classes of the test rows change places.
    let table = try fixture.folder.text("test.csv")
    try fixture.folder.write(NightFixture.turned(table), to: "test.csv")
    let second = try fixture.night()
    #expect(second.outcome == .refused && fixture.job.linkedNight == first.night)
    #expect(second.reason.hasPrefix("the network in service has fallen from accuracy "))
    #expect(try fixture.night { $0.isForced = true }.outcome == .promoted)
  }
}
