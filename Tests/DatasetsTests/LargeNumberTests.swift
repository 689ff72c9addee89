import Datasets
import Testing

@Suite("LargeNumber") struct LargeNumberTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func problem(
    _ text: String, _ columns: ColumnSettings = ColumnSettings(),
    task: LearningTask = .classification, scaling: Scaling = .none
  ) throws -> String? {
    let path = try folder.write("d.csv", text)
    let request = DataRequest(
      train: .csv(path, labels: [.last], columns: columns), task: task, scaling: scaling, seed: 1)
    return datasetError { () throws(DatasetError) in try request.load() }?.description
      .replacing(path, with: "d.csv")
  }

  /// Blank lines, a row of two lines, and one that is left out, before the number.
  private static let text = """
    a,b,c
    1,2,x

    3,4,"y
    z"
    ,4e39,x
    5,-4e39,x
    7,5e39,y

    """

  @Test("a number beyond float32 is told by its line and column, as it is written")
  func line() throws {
    #expect(
      try problem(Self.text, ColumnSettings(missing: .drop))
        == "d.csv, line 7, column \"b\": \"-4e39\" is too large for 32-bit numbers; correct it, scale the column, "
        + "use another unit or remove the column")
  }

  @Test("so is a target")
  func target() throws {
    let message = try problem("a,b\n1,2\n3,1e300\n5,6\n", task: .regression)
    #expect(message?.hasPrefix("d.csv, line 3, column \"b\": \"1e300\" is too large") == true)
  }

  @Test("the column is that of the file, where others are left out before it")
  func column() throws {
    let message = try problem(
      "1,2,4e39,x\n3,4,5,y\n6,7,8,x\n", ColumnSettings(ignored: [.index(0)]))
    #expect(
      message?.hasPrefix("d.csv, line 1, column 2 (counted from 0): \"4e39\" is too large")
        == true, "\(message ?? "")")
  }

  @Test("where scaling makes it small, nothing is wrong with it")
  func scaled() throws {
    #expect(try problem(Self.text, ColumnSettings(missing: .drop), scaling: .unit) == nil)
  }
}
