import Datasets
import Testing

@Suite("Rows outside the training part that are copies of training rows") struct CopiedRowsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func source(_ name: String, _ text: String) throws -> DataSource {
    .csv(try folder.write(name, text), labels: [.name("y")])
  }

  private func notes(_ request: DataRequest) throws -> [String] {
    try request.load().notes.filter { $0.contains("cop") }
      .map { $0.replacing("\(folder.path)/", with: "") }
  }

  /// `count` rows that differ, each `times` times one behind the other.
  private func table(_ count: Int, times: Int) -> String {
    "a,b,y\n"
      + (0..<count).map { row in
        String(repeating: "\(row),\(row % 7).5,\(row % 2 == 0 ? "even" : "odd")\n", count: times)
      }.joined()
  }

  @Test("are told of where a random split divides them, counted")
  func divided() throws {
    // All rows but one are the same, so whatever the split, all of the test part are copies, or all but one.
    let rows = "a,y\n" + String(repeating: "1,2\n", count: 99) + "3,4\n"
    let request = DataRequest(
      train: try source("t.csv", rows), test: .share(.fraction(0.2)), task: .regression, seed: 1)
    let parts = try request.load()
    let test = try #require(parts.test)
    let copies = test.rows.count { test.dataset.inputs[Int($0), 0] == 1 }
    #expect(copies >= 19)
    #expect(
      try notes(request) == [
        "t.csv: \(copies) of 20 rows of the test part are copies of training rows, inputs and target, so its figures are "
          + "better than those of new rows; split: {by: content} keeps copies in one part"
      ])
  }

  @Test("are none where rows differ, where copies stay together, and where they have other targets")
  func none() throws {
    func request(_ text: String, rule: SplitRule = .shuffle) throws -> DataRequest {
      DataRequest(
        train: try source("t.csv", text), validation: .share(.fraction(0.3)),
        test: .share(.fraction(0.3)), task: .classification, rule: rule, seed: 1)
    }
    #expect(try notes(request(table(60, times: 1))).isEmpty)
    #expect(try notes(request(table(60, times: 2))).count == 2)
    #expect(try notes(request(table(60, times: 2), rule: .content)).isEmpty)
    let otherTargets = "a,y\n" + (0..<60).map { "1,class\($0 % 2)\n" }.joined()
    #expect(try notes(request(otherTargets)).count == 2)
    let numbers = DataRequest(
      train: try source("n.csv", "a,y\n" + (0..<60).map { "1,\($0)\n" }.joined()),
      test: .share(.fraction(0.3)), task: .regression, seed: 1)
    #expect(try notes(numbers).isEmpty)
  }

  @Test("are told of where a part has a file of its own; a few of many are not")
  func ownFiles() throws {
    func request(_ copies: Int, of rows: Int) throws -> DataRequest {
      let test =
        "a,y\n" + (0..<rows).map { $0 < copies ? "\($0),0\n" : "\($0).5,0\n" }.joined()
      return DataRequest(
        train: try source("train.csv", "a,y\n" + (0..<10).map { "\($0),0\n" }.joined()),
        test: .source(try source("test.csv", test)), task: .regression, seed: 1)
    }
    #expect(
      try notes(request(1, of: 10)) == [
        "train.csv: 1 of 10 rows of the test part is a copy of a training row, inputs and target, so its figures are "
          + "better than those of new rows; remove them from one of the files"
      ])
    #expect(try notes(request(9, of: 1000)).isEmpty)
    #expect(try notes(request(10, of: 1000)).count == 1)
  }
}
