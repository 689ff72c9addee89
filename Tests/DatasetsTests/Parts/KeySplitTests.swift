import Datasets
import NeuralNetworks
import NumericCore
import Testing

@Suite("A split by a key column") struct KeySplitTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Five rows of each key, with a number of its own each.
  private func table(_ keys: ClosedRange<Int>, quote: String = "") -> String {
    "key,a,y\n"
      + keys.flatMap { key in
        (0..<5).map { "\(quote)k\(key)\(quote),\(key * 5 + $0),\($0 % 2)\n" }
      }.joined()
  }

  private func load(
    _ text: String, by key: ColumnSelector = .name("key"), ignored: [ColumnSelector] = [.index(0)],
    missing: ColumnSettings.Missing = .error
  ) throws(DatasetError) -> DataParts {
    try DataRequest(
      train: .csv(
        (try? folder.write("rows.csv", text)) ?? "", labels: [.name("y")],
        columns: ColumnSettings(ignored: ignored, missing: missing)),
      test: .share(.fraction(0.4)), task: .classification, rule: .column(key), seed: 3
    ).load()
  }

  /// The keys in each part.
  private func keys(_ parts: DataParts) -> [DataPartName: Set<Int>] {
    var found: [DataPartName: Set<Int>] = [:]
    for name in DataPartName.allCases {
      guard let part = parts[name] else { continue }
      let column = part.dataset.featureNames?.firstIndex(of: "a") ?? 0
      found[name] = Set(part.rows.map { Int(part.dataset.inputs[Int($0), column]) / 5 })
    }
    return found
  }

  @Test("rows of one key lie on one side, whatever rows there are beside them")
  func together() throws {
    let first = keys(try load(table(1...80)))
    let train = try #require(first[.train])
    let test = try #require(first[.test])
    #expect(train.isDisjoint(with: test) && train.count + test.count == 80)
    // Within four standard deviations of 32.
    #expect(abs(test.count - 32) < 18)
    let later = keys(try load(table(41...120, quote: "\"")))
    #expect(later[.test]?.filter { $0 <= 80 } == test.filter { $0 > 40 })
  }

  @Test("a key may be an input, and its column be named by where it stands")
  func input() throws {
    let text = table(1...80).replacing("k", with: "").replacing("ey,", with: "key,")
    let parts = try load(text, by: .index(0), ignored: [])
    #expect(parts.train.dataset.inputs.columns == 2)
    let found = keys(parts)
    #expect(found[.train]?.isDisjoint(with: found[.test] ?? []) == true)
  }

  @Test("a column that is not there, or is the target, is an error that says so")
  func wrong() {
    func message(_ key: ColumnSelector) -> String {
      datasetError { () throws(DatasetError) in try load(table(1...9), by: key) }?.description ?? ""
    }
    #expect(message(.name("kay")).contains("there is no column \"kay\""))
    #expect(message(.name("kay")).contains("did you mean \"key\"?"))
    #expect(message(.name("y")).contains("column \"y\" is the target"))
  }

  @Test("a row without a key is an error, or dropped where that is stated")
  func missing() throws {
    let text = table(1...80) + ",1000,1\n"
    let message = datasetError { () throws(DatasetError) in try load(text) }?.description
    #expect(
      message?.contains("line 402, column \"key\": the key that split goes by is missing") == true)
    let parts = try load(text, missing: .drop)
    #expect(parts.train.rows.count + (parts.test?.rows.count ?? 0) == 400)
  }

  @Test("keys that all fall to one side are an error that counts them")
  func oneKey() {
    let message = datasetError { () throws(DatasetError) in try load(table(1...1)) }?.description
    #expect(message?.contains("by its key (there is 1 key)") == true)
  }

  @Test("arrays have no columns to name")
  func arrays() throws {
    let inputs = try folder.write("x.npy", NPY.bytes(of: .float32(Matrix(rows: 8, columns: 2))))
    let targets = try folder.write("y.npy", NPY.bytes(of: .float32(Matrix(rows: 8, columns: 1))))
    let message = datasetError { () throws(DatasetError) in
      try DataRequest(
        train: .npy(inputs: ArrayFile(inputs), targets: ArrayFile(targets)),
        test: .share(.fraction(0.5)), task: .regression, rule: .column(.index(0)), seed: 1
      ).load()
    }?.description
    #expect(message?.contains("only tables have columns") == true)
  }
}
