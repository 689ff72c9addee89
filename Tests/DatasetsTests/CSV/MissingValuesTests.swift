import Datasets
import Testing

@Suite("Missing values")
struct MissingValuesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func request(
    _ text: String, _ missing: ColumnSettings.Missing, oneHot: ColumnSettings.UnknownLevel? = nil,
    task: LearningTask = .regression, validation: DataRequest.PartOrigin = .absent
  ) throws -> DataRequest {
    DataRequest(
      train: .csv(
        try folder.write("d.csv", text), labels: [.last],
        columns: ColumnSettings(oneHot: oneHot, missing: missing)),
      validation: validation, task: task, seed: 1)
  }

  private func complaint(_ request: DataRequest) -> String? {
    datasetError { () throws(DatasetError) in try request.load() }?.description
      .replacing("\(folder.path)/", with: "")
  }

  @Test(
    "are empty, NA, N/A, NaN, nan, null, None or ?",
    arguments: ["", " ", "\"\"", "NA", "N/A", "NaN", "nan", "null", "None", "?", "<NA>", "#N/A"])
  func words(word: String) throws {
    let text = "a,y\n1,2\n\(word),3\n5,6\n"
    #expect(try request(text, .drop).load().train.dataset.inputs.elements == [1, 5])
    #expect(try request(text, .mean).load().train.dataset.inputs.elements == [1, 3, 5])
    let complaint = try #require(try complaint(request(text, .error)))
    #expect(complaint.hasPrefix("d.csv, line 3, column \"a\": the value is missing"))
    #expect(
      complaint.hasSuffix("; fill it in, remove the row, or write missing: drop, mean or median"))
  }

  @Test("of a target are dropped with their row where inputs are filled, if that is wanted")
  func targetsAlone() throws {
    func load(_ text: String, _ task: LearningTask) throws -> Dataset {
      let path = try folder.write("d.csv", text)
      let columns = ColumnSettings(missing: .mean, dropsTargets: true)
      return try DataRequest(
        train: .csv(path, labels: [.last], columns: columns), validation: .absent, task: task,
        seed: 1
      ).load().train.dataset
    }
    let values = try load("a,y\n1,2\n,7\n3,\n5,6\n", .regression)
    #expect(values.inputs.elements == [1, 3, 5] && values.targets.rows == 3)
    #expect(values.interface?.dropsMissing == true)
    #expect(values.notes.contains { $0.hasSuffix(": 1 of 4 rows has no target and is left out") })
    let labels = try load("a,y\n1,b\n,c\n3,NA\n5,c\n", .classification)
    #expect(labels.inputs.elements == [1, 3, 5] && labels.targets.rows == 3)
  }

  @Test("of a target are dropped with their row, never filled")
  func targets() throws {
    let text = "a,y\n1,2\n3,\n5,6\n"
    let dropped = try request(text, .drop).load().train.dataset
    #expect(dropped.inputs.elements == [1, 5] && dropped.targets.rows == 2)
    for missing in [ColumnSettings.Missing.error, .mean] {
      #expect(
        try complaint(request(text, missing))
          == "d.csv, line 3, column \"y\": the value is missing; fill it in, remove the row, or write "
          + "missing: drop")
    }
    let labels = "a,y\n1,b\n3,NaN\n5,c\n"
    #expect(
      try request(labels, .drop, task: .classification).load().train.dataset.targets.rows == 2)
    #expect(
      try complaint(request(labels, .median, task: .classification))
        == "d.csv, line 3, column \"y\": the value is missing (\"NaN\"); fill it in, remove the row, or "
        + "write missing: drop; if it is a class, write missing: {error: {markers: []}}, so that the empty "
        + "field alone is missing")
  }

  @Test(
    "the same texts are missing in labels, unless markers say otherwise",
    arguments: ["None", "null", "NULL", "NA", "?"])
  func labels(word: String) throws {
    let text = "a,y\n1,b\n3,\(word)\n5,c\n"
    #expect(
      try complaint(request(text, .error, task: .classification))?.contains(
        "line 3, column \"y\": the value is missing") == true)
    let stated = DataRequest(
      train: .csv(
        try folder.write("m.csv", text), labels: [.last], columns: ColumnSettings(markers: [])),
      task: .classification, seed: 1)
    #expect(Set(try stated.load().train.dataset.targets.classNames ?? []) == ["b", "c", word])
  }

  @Test(
    "markers stand in place of the usual texts, numbers however they are written, and the model keeps them"
  )
  func markers() throws {
    // pandas.read_csv(na_values=["-", "n/a", "-999"], keep_default_na=False) gives a = [1, nan, nan, nan, 5].
    let text = "a,y\n1,2\n-,3\nn/a,4\n-999.0,5\n5,6\n,7\n"
    let columns = ColumnSettings(missing: .mean, markers: ["-", "n/a", "-999"])
    let source = DataSource.csv(try folder.write("d.csv", text), labels: [.last], columns: columns)
    let train = try DataRequest(train: source, task: .regression, seed: 1).load().train.dataset
    #expect(train.inputs.elements == [1, 3, 3, 3, 5, 3])
    let model = try #require(train.interface)
    #expect(model.missingMarkers == ["-", "n/a", "-999"])
    let other = try InputFile.read(try folder.write("o.csv", "a\n-\n-999\n7\n"), interface: model)
    #expect(other.inputs.elements == [3, 3, 7])
    #expect(
      datasetError { () throws(DatasetError) in
        try InputFile.read(try! folder.write("p.csv", "a\nNA\n7\n"), interface: model)
      } != nil)
  }

  @Test("are filled by the training part alone, and by the same numbers in other files")
  func trainingPart() throws {
    let rows = (0..<40).map { "\($0 % 5 == 0 ? "" : String($0)),\($0)" }.joined(separator: "\n")
    let request = try request(
      "a,y\n" + rows, .mean,
      validation: .source(.csv(try folder.write("v.csv", "a,y\n,1\n"), labels: [])))
    let split = DataRequest(
      train: request.train, validation: .share(.rows(10)), test: request.validation,
      task: .regression, seed: 1)
    let parts = try split.load()
    let values = parts.train.rows.map(Int.init).filter { $0 % 5 != 0 }
    let mean = Double(values.reduce(0, +)) / Double(values.count)
    #expect(
      parts.train.dataset.interface?.inputs.map(\.kind) == [.number(fill: mean)])
    #expect(Float(parts.train.dataset.inputs[5, 0]) == Float(mean))
    #expect(parts.test?.dataset.inputs.elements.map { Float($0) } == [Float(mean)])
  }

  @Test("the median of an even number of values is the mean of the two in the middle")
  func median() throws {
    let data = try request("a,y\n1,0\n,0\n10,0\n4,0\n2,0\n", .median).load().train.dataset
    #expect(data.inputs.elements == [1, 3, 10, 4, 2])
  }

  @Test("columns and rows of nothing else are said as such")
  func nothingElse() throws {
    #expect(
      try complaint(request("a,b,y\n1,,0\n2,NA,1\n", .error))
        == "d.csv: column \"b\" has no value in any row; write ignore: [b] to leave it out")
    #expect(
      try complaint(request("a,b,y\n1,,0\n2,NA,1\n", .mean))
        == "d.csv: column \"b\" has no value in the training part, so nothing can stand for one that is "
        + "missing; write ignore: [b] to leave it out")
    #expect(
      try complaint(request("a,b,y\n1,,0\n,2,1\n", .drop))
        == "d.csv: every row has a missing value, so missing: drop leaves none; leave columns out, or write "
        + "missing: mean or median")
  }
}
