import Datasets
import RunFixtures
import Runs
import Testing

@Suite("What data do not have, told where the schedule asks for it") struct DataPlacesTests {
  @Test(
    "shares of rows, and columns that are not there, by their own keys",
    arguments: [
      (
        "split: {validation: 60}",
        "tiny.yaml:5:48: data.split: 60 rows for validation and 0 for test leave none of 60 in "
      ),
      (
        "split: {validation: 0.001, test: 0.2}",
        "tiny.yaml:5:61: data.split.validation: 0.001 of 60 rows in "
      ),
      ("label: targett", "tiny.yaml:5:48: data.label: data.csv: there is no column \"targett\""),
      ("ignore: [nope]", "tiny.yaml:5:49: data.ignore: data.csv: there is no column \"nope\""),
      ("inputs: [a, nope]", "tiny.yaml:5:49: data.inputs: data.csv: there is no column \"nope\""),
      (
        "ignore: [target]", "tiny.yaml:5:49: data.ignore: data.csv: column \"target\" is the target"
      ),
      (
        "split: {validation: 0.2, by: {column: nope}}",
        "tiny.yaml:5:79: data.split.by.column: data.csv: there is no column \"nope\""
      ),
      (
        "split: {validation: 0.2, by: {column: target}}",
        "tiny.yaml:5:79: data.split.by.column: data.csv: column \"target\" is the target"
      ),
      (
        "inputs: [target]", "tiny.yaml:5:49: data.inputs: data.csv: column \"target\" is the target"
      ),
    ])
  func data(settings: String, message: String) throws {
    let fixture = try RunFixture(
      RunFixture.head.replacing("split: {validation: 0.2, test: 0.2}", with: settings)
        + "stages: [train: {epochs: 1}]\n")
    let error = try #require(throws: DatasetError.self) {
      try fixture.session().feasiblePreview()
    }
    let text = "\(error)".replacing(fixture.folder.path + "/", with: "")
    #expect(text.hasPrefix(message), "\(text)")
  }
}
