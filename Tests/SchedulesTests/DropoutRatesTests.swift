import Runs
import Schedules
import Storage
import Testing

@Suite("Rates of dropout") struct DropoutRatesTests {
  private func schedule(_ model: String) throws(ScheduleError) -> RunSchedule {
    try ScheduleText.decode(ScheduleText.small(("{hidden: [8, 4]}", "{\(model)}")))
  }

  @Test(
    "one rate for all hidden layers, or one a layer",
    arguments: [
      ("", []), (", dropout: 0.5", [0.5, 0.5]), (", dropout: [0.2, 0.5]", [0.2, 0.5]),
      (", dropout: [0, 0.5]", [0, 0.5]), (", dropout: 0", []), (", dropout: [0, 0.0]", []),
    ])
  func rates(key: String, rates: [Double]) throws {
    let schedule = try schedule("hidden: [8, 4]\(key)")
    #expect(schedule.model.dropout == rates)
    #expect(schedule.training.dropout == rates)
  }

  @Test("a rate of 0 is no key, and equal rates are one, in the canonical form")
  func canonical() throws {
    let none = try schedule("hidden: [8, 4]").json
    #expect(none["model"]?["dropout"] == nil)
    #expect(try schedule("hidden: [8, 4], dropout: 0").json == none)
    #expect(try schedule("hidden: [8, 4], dropout: [0, 0]").json == none)
    let same = try schedule("hidden: [8, 4], dropout: 0.5").json
    #expect(same["model"]?["dropout"] == 0.5)
    #expect(try schedule("hidden: [8, 4], dropout: [0.5, 0.5]").json == same)
    let each = try schedule("hidden: [8, 4], dropout: [0.5, 0.25]").json
    #expect(each["model"]?["dropout"] == [0.5, 0.25])
    // Stages that train say nothing of it.
    #expect(each["training"] == none["training"] && each["stages"] == none["stages"])
  }

  @Test("a linear model has no unit to leave out")
  func linear() throws {
    #expect(try schedule("hidden: [], dropout: 0").model.dropout == [])
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: [
      (
        "hidden: [8, 4], dropout: 1",
        "4:34: model.dropout: 1 is out of range; allowed: numbers of at least 0 and below 1"
      ),
      (
        "hidden: [8, 4], dropout: [0.5, -0.1]",
        "4:40: model.dropout[1]: -0.1 is out of range; allowed: numbers of at least 0 and below 1"
      ),
      (
        "hidden: [8, 4], dropout: [0.5]",
        "4:34: model.dropout: [0.5] is out of range; allowed: a rate for all hidden layers, or a list of 2"
      ),
      (
        "hidden: [], dropout: 0.5",
        "4:30: model.dropout: 0.5 is out of range; allowed: 0, since there is no hidden layer"
      ),
      (
        "hidden: [8, 4], dropout: half",
        "4:34: model.dropout: expected a number, found the text \"half\""
      ),
    ])
  func wrong(model: String, expected: String) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("{hidden: [8, 4]}", "{\(model)}")))
        == ["s.yaml:" + expected])
  }
}
