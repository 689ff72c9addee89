import RunFixtures
import Runs
import Storage
import Testing

@Suite("Missing data") struct MissingDataTests {
  private func failure(_ csv: String, environment: [String: String] = [:]) throws -> RunFailure {
    let fixture = try RunFixture(
      RunFixture.head.replacing("csv: data.csv", with: "csv: \(csv)")
        + "stages: [train: {epochs: 1}]")
    let values = environment
    let failure = try #require(throws: RunFailure.self) {
      try fixture.run { $0.surroundings.environment = { values[$0] } }
    }
    #expect(!FilePaths.exists(fixture.folder.file("runs")))
    #expect(failure.exitCode == 66)
    guard case .missing(let path, let what) = failure else { return failure }
    // Without the folder of the test.
    return .missing(
      path: path.replacing(fixture.folder.path, with: "HERE"),
      what: what.replacing(fixture.folder.path, with: "HERE"))
  }

  @Test("a plain path is to be corrected, or the file put there")
  func plain() throws {
    guard case .missing(let path, let what) = try failure("sub/none.csv") else {
      Issue.record("another failure")
      return
    }
    #expect(path == "HERE/sub/none.csv")
    let place = what.matches(of: /that HERE\/tiny\.yaml:\d+:\d+: (.*?) says/).map { String($0.1) }
    #expect(place == ["data.csv"])
    #expect(
      what.replacing(#/ that .* says/#, with: "")
        == "put it there, or correct the path (in a schedule it is relative to its folder)")
  }

  @Test("of a path with variables, they are named")
  func variables() throws {
    #expect(
      try failure("'${DATA:-data}/${NAME}.csv'", environment: ["NAME": "x"])
        == .missing(
          path: "HERE/data/x.csv",
          what: "put it there, or set DATA and NAME to where it is: the schedule says "
            + "${DATA:-data}/${NAME}.csv, relative to its own folder unless it is an absolute path")
    )
    #expect(
      try failure("'${DATA:-data}/x.csv'", environment: ["DATA": "/nowhere/at/all"])
        == .missing(
          path: "/nowhere/at/all/x.csv",
          what: "put it there, or set DATA to where it is: the schedule says "
            + "${DATA:-data}/x.csv, relative to its own folder unless it is an absolute path"))
  }
}
