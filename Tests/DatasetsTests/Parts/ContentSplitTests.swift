import Datasets
import NeuralNetworks
import Testing

@Suite("A split by content") struct ContentSplitTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Rows by a number of their own, with an index that counts as nothing.
  private func table(_ numbers: [Int], header: String = "i,a,b,y") -> String {
    header + "\n"
      + numbers.enumerated().map { index, number in
        let fields = [
          "i": "\(index)", "a": "\(number)", "b": number % 5 == 0 ? "" : "\(number * 3 % 7)",
          "y": number % 2 == 0 ? "even" : "odd",
        ]
        return header.split(separator: ",").map { fields[String($0)] ?? "" }
          .joined(separator: ",") + "\n"
      }.joined()
  }

  /// The part of each number.
  private func parts(_ text: String, seed: UInt64 = 3) throws -> [Int: DataPartName] {
    let source = DataSource.csv(
      try folder.write("rows.csv", text), labels: [.name("y")],
      columns: ColumnSettings(ignored: [.name("i")], missing: .mean))
    let parts = try DataRequest(
      train: source, validation: .share(.fraction(0.2)), test: .share(.fraction(0.3)),
      task: .classification, rule: .content, seed: seed
    ).load()
    var found: [Int: DataPartName] = [:]
    let column = parts.train.dataset.featureNames?.firstIndex(of: "a") ?? 0
    for name in DataPartName.allCases {
      let part = try #require(parts[name])
      for row in part.rows { found[Int(part.dataset.inputs[Int(row), column])] = name }
    }
    return found
  }

  @Test("a row stays in its part when others come and go, and when columns change places")
  func stable() throws {
    let first = try parts(table(Array(1...400)))
    let later = try parts(table(Array(101...700).reversed()))
    for number in 101...400 { #expect(first[number] == later[number]) }
    let reordered = try parts(table(Array(1...400), header: "y,b,a,i"))
    #expect(first == reordered)
    #expect(try parts(table(Array(1...400)), seed: 4) != first)
  }

  @Test("shares are about right")
  func shares() throws {
    let found = try parts(table(Array(1...2000)))
    // Within four standard deviations.
    #expect(abs(found.values.count { $0 == .test } - 600) < 82)
    #expect(abs(found.values.count { $0 == .validation } - 400) < 72)
    #expect(found.count == 2000)
  }

  @Test("a part without rows is an error that names the file")
  func empty() throws {
    _ = try folder.write("few.csv", "1,2\n3,4\n")
    let message = datasetError { () throws(DatasetError) in
      try DataRequest(
        train: .csv("\(folder.path)/few.csv", labels: [.last]), test: .share(.fraction(0.001)),
        task: .regression, rule: .content, seed: 1
      ).load()
    }?.description
    #expect(message?.contains("no row of 2 falls into the test part by its content") == true)
  }
}
