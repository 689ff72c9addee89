import Datasets
import Testing

@Suite("What is wrong with the files of several parts")
struct PartReadingTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func complaint(
    _ train: String, _ validation: String, _ test: String, decimal: CSVFormat.DecimalSign? = nil
  ) throws -> String? {
    func source(_ name: String, _ text: String) throws -> DataSource {
      .csv(
        try folder.write(name, text), labels: [.name("y")], format: CSVFormat(decimal: decimal))
    }
    let request = DataRequest(
      train: try source("train.csv", train), validation: .source(try source("v.csv", validation)),
      test: .source(try source("test.csv", test)), task: .regression, seed: 1)
    return datasetError { () throws(DatasetError) in try request.load() }?.description
      .replacing("\(folder.path)/", with: "")
  }

  @Test("is said at once")
  func together() throws {
    let good = "a,y\n1,2\n3,4\n"
    let bad = "a,y\n1,x\n3,4\n"
    let wrong = "y\": \"x\" is not a number; correct it or remove the row"
    #expect(try complaint(good, good, good) == nil)
    #expect(try complaint(good, good, bad) == "test.csv, line 2, column \"\(wrong)")
    #expect(
      try complaint(good, bad, bad)
        == "v.csv, line 2, column \"\(wrong)\ntest.csv, line 2, column \"\(wrong)")
    #expect(
      try complaint(bad, good, bad)
        == "train.csv, line 2, column \"\(wrong)\ntest.csv, line 2, column \"\(wrong)")
  }

  @Test("of another decimal sign in one of them is one advice that suits all")
  func signs() throws {
    let point = "a;y\n1.5;2.5\n3.25;4.5\n"
    let comma = "a;y\n1,5;2,5\n3,25;4,5\n"
    let advice =
      "column \"a\" has numbers with a decimal comma (\"1,5\" in line 2), and train.csv has them with a "
      + "decimal point; all files are read with one sign, so write the numbers of one of them as the other "
      + "has them"
    #expect(try complaint(point, point, comma) == "test.csv: \(advice)")
    #expect(
      try complaint(comma, comma, comma)
        == "train.csv: column \"a\" has numbers with a decimal comma (\"1,5\" in line 2); write decimal: comma\n"
        + "v.csv: column \"a\" has numbers with a decimal comma (\"1,5\" in line 2); write decimal: comma\n"
        + "test.csv: column \"a\" has numbers with a decimal comma (\"1,5\" in line 2); write decimal: comma"
    )
    #expect(try complaint(comma, comma, comma, decimal: .comma) == nil)
  }

  @Test("a target that never changes is noted")
  func constant() throws {
    let request = DataRequest(
      train: .csv(try folder.write("c.csv", "a,y\n1,5\n2,5\n3,5\n"), labels: [.last]),
      task: .regression, seed: 1)
    #expect(
      try request.load().notes.map { $0.replacing("\(folder.path)/", with: "") }.contains(
        "c.csv: column \"y\", the target, is 5 in every row, so there is nothing to learn; check which column "
          + "is the target"))
  }
}
