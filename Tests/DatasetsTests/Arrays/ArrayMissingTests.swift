import Datasets
import NeuralNetworks
import Testing

@Suite("NaN in arrays")
struct ArrayMissingTests {
  let folder: ScratchFolder
  private let nan = Double.nan

  init() throws { folder = try ScratchFolder() }

  private func file(_ name: String, _ rows: [[Double]]) throws -> ArrayFile {
    ArrayFile(
      try folder.write(
        name,
        NPY.bytes(of: DataMatrix(rows: rows.count, columns: rows[0].count, rows.flatMap(\.self)))))
  }

  private func source(
    _ inputs: [[Double]], _ targets: [Double], _ missing: ColumnSettings.Missing
  ) throws -> DataSource {
    let files = [
      try file("x.npy", inputs).reference, try file("y.npy", targets.map { [$0] }).reference,
    ]
    guard case .files(let plain) = DataSource.arrays(data: files[0], labels: files[1]) else {
      throw DatasetError.other(place: "", problem: "")
    }
    return .files(
      DataFiles(
        format: plain.format, references: files, columns: ColumnSettings(missing: missing)))
  }

  @Test("is filled with the mean or median of the training part, which the interface keeps")
  func filled() throws {
    // numpy.nanmean(x, axis=0) = [5, 10], numpy.nanmedian(x, axis=0) = [5, 6].
    let inputs = [[1, nan], [nan, 4], [9, 6], [nan, 20]]
    for (missing, expected) in [
      (ColumnSettings.Missing.mean, [1, 10, 5, 4, 9, 6, 5, 20] as [Double]),
      (.median, [1, 6, 5, 4, 9, 6, 5, 20]),
    ] {
      let train = try DataRequest(
        train: source(inputs, [1, 2, 3, 4], missing), task: .regression, seed: 1
      ).load().train.dataset
      #expect(train.inputs.elements == expected)
      let model = try #require(train.interface)
      #expect(model.inputs.map(\.kind) == [.number(fill: 5), .number(fill: expected[1])])
      let other = try InputFile.read(
        try file("o.npy", [[nan, nan], [7, 8]]).reference, interface: model)
      #expect(other.inputs.elements == [5, expected[1], 7, 8])
    }
  }

  @Test("drops its row, also where a target is NaN, and a model that was trained so does the same")
  func dropped() throws {
    let train = try DataRequest(
      train: source([[1], [nan], [3], [4]], [1, 2, nan, 4], .drop), task: .regression, seed: 1
    ).load().train.dataset
    #expect(train.inputs.elements == [1, 4])
    #expect(train.targets == .values(DataMatrix(rows: 2, columns: 1, [1, 4])))
    #expect(
      train.notes.map { $0.replacing("\(folder.path)/", with: "") }.first
        == "x.npy: 2 of 4 rows have a missing value and are left out")
    let classes = try source([[1], [nan], [3]], [0, 7, 1], .drop).read(task: .classification)
    #expect(classes.targets == .classes([0, 1], names: ["0", "1"]))
    let model = try #require(train.interface)
    #expect(model.dropsMissing)
    let path = try file("o.npy", [[nan], [8]]).reference
    #expect(try InputFile.read(path, interface: model).inputs.elements == [8])
    let kept = try InputFile.read(path, keepingRows: true, interface: model)
    #expect(kept.inputs.rows == 2 && kept.incomplete == [0])
  }

  @Test("is an error with all its places, the first 20 and then a count, and what to write")
  func problems() throws {
    let inputs = (0..<30).map { [Double($0), $0 < 25 ? nan : 1] }
    let error = datasetError { () throws(DatasetError) in
      try DataRequest(
        train: try! source(inputs, inputs.map { $0[0] }, .error), task: .regression, seed: 1
      ).load()
    }
    let text = try #require(error?.description)
    #expect(text.contains("there are 25 problems"))
    #expect(text.contains("element [0, 1]: the value is missing (\"nan\")"))
    #expect(text.contains("element [19, 1]") && !text.contains("element [20, 1]"))
    #expect(text.contains("and 5 more"))
    #expect(text.contains("write missing: drop, mean or median"))
  }

  @Test("columns cannot be left out of an array")
  func ignored() throws {
    let path = try file("x.npy", [[1, 2]]).reference
    let error = datasetError { () throws(DatasetError) in
      try InputFile.read(path, ignoring: [.index(0)])
    }
    #expect(
      error?.description
        == "--ignore COLUMN: \(path) is an array, of which all columns are inputs; leave the option out, and "
        + "save the array without the columns that are none")
  }
}
