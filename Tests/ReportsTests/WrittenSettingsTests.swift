import Reports
import RunFixtures
import Storage
import Testing

@Suite("Settings as they are written")
struct WrittenSettingsTests {
  @Test("data have the keys of the schedule, shares and columns among them")
  func data() throws {
    let head = RunFixture.head.replacing("csv: data.csv,", with: "csv: data.csv, label: last,")
    let fixture = try RunFixture(head + RunFixture.stages)
    let data = try #require(WrittenSettings.of(try fixture.session().schedule.json)["data"])
    #expect(data["csv"] == "data.csv" && data["label"] == "last")
    #expect(data["train"] == nil && data["validation"] == nil)
    #expect(data["split"] == ["validation": 0.2, "test": 0.2])
    #expect(data["scale"] == "standard")
  }

  @Test("parts with files of their own keep them apart, columns by name are names")
  func parts() throws {
    let head = RunFixture.head.replacing(
      "csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}",
      with: "train: {csv: data.csv}, test: {csv: more.csv}, label: target, task: classification")
    let fixture = try RunFixture(head + RunFixture.stages)
    let data = try #require(WrittenSettings.of(try fixture.session().schedule.json)["data"])
    #expect(data["train"] == ["csv": "data.csv"] && data["test"] == ["csv": "more.csv"])
    #expect(data["label"] == "target" && data["split"] == nil)
  }
}
