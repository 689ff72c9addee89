import Datasets
import Storage
import Testing

@Suite("CSV files read by several threads")
struct CSVThreadsTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Rows of numbers, texts and labels, of several sections: quotes, delimiters and line ends in fields, blank lines,
  /// missing values, and numbers that float32 does not hold behind many that it does.
  private static func text(rows: Int) -> String {
    var text = "a,b,kind,label\n"
    for row in 0..<rows {
      let kind = row % 11 == 0 ? "\"k,\"\"1\"\"\n,,,\n2\"" : "k\(row % 5)"
      let number = row % 997 == 996 ? "" : row > rows / 2 ? "\(row)e-2" : "\(row).5"
      text +=
        "\(row % 3 == 0 ? "\"-\(row)\"" : "-\(row)"),\(number),\(kind),c\(row % (row + 7) % 9)"
      text += row % 4 == 0 ? "\r\n" : "\n"
      if row % 1000 == 999 { text += "\n \t \n" }
    }
    return text
  }

  private func written(_ text: String, packed: Bool = false) throws -> String {
    let bytes = Array(text.utf8)
    return packed
      ? try folder.write("d.csv.zst", Zstd.compress(bytes.span, level: 1))
      : try folder.write("d.csv", bytes)
  }

  private func request(
    _ path: String, _ columns: ColumnSettings, _ task: LearningTask, threads: Int,
    rule: SplitRule = .shuffle, scaling: Scaling = .none
  ) -> DataRequest {
    var request = DataRequest(
      train: .csv(path, labels: [.last], columns: columns), task: task, scaling: scaling,
      rule: rule, seed: 1)
    request.threads = threads
    return request
  }

  @Test(
    "are the same for any number of threads, and so is what is said of them",
    arguments: [ColumnSettings.Missing.drop, .mean], [SplitRule.shuffle, .content])
  func same(missing: ColumnSettings.Missing, rule: SplitRule) throws {
    let text = Self.text(rows: 60_000)
    #expect(text.utf8.count > 4 << 18)
    let path = try written(text)
    func read(_ threads: Int) throws -> Dataset {
      try request(
        path, ColumnSettings(oneHot: .zeros, missing: missing), .classification, threads: threads,
        rule: rule
      ).load().train.dataset
    }
    let alone = try read(1)
    #expect(alone.rows == (missing == .drop ? 60_000 - 60_000 / 997 : 60_000))
    for threads in [2, 3, 8] { #expect(try read(threads) == alone) }
  }

  @Test("scaled targets and warnings are the same for any number of threads")
  func warnings() throws {
    // Of the second column, float32 takes most values for one.
    let rows = (0..<40_000).map { "\($0).25,\(1_000_000_000_000 + $0),\($0 % 7).5" }
    let path = try written("a,b,y\n" + rows.joined(separator: "\n"))
    func read(_ threads: Int) throws -> Dataset {
      try request(path, ColumnSettings(), .regression, threads: threads).load().train.dataset
    }
    let alone = try read(1)
    #expect(alone.warnings.count == 1)
    #expect(try read(3) == alone)
  }

  @Test("a compressed table is read from front to back, whatever the threads")
  func packed() throws {
    let text = Self.text(rows: 30_000)
    let columns = ColumnSettings(oneHot: .error, missing: .drop)
    let plain = try request(written(text), columns, .classification, threads: 3).load().train
      .dataset
    let packed = try request(written(text, packed: true), columns, .classification, threads: 3)
      .load().train.dataset
    #expect(packed.inputs == plain.inputs && packed.targets == plain.targets)
  }

  @Test(
    "what is wrong is said as one thread says it, by line",
    arguments: [
      // Few of several kinds, in several sections.
      [20_000: "x,1,2", 70_000: "1,,2", 90_000: "1,inf,2"],
      // Rows of another number of fields, and a number that is none.
      [10: "1,2", 50_000: "1,2,3,4", 99_000: "1,2,y"],
      // Bytes that are no text end the reading where they stand.
      [30_000: "x,1,2", 60_000: "\u{FFFF},1,2"],
    ])
  func problems(rows: [Int: String]) throws {
    let text = (0..<100_000).map { rows[$0] ?? "\($0).125,2.5,3.5" }.joined(separator: "\n")
    let bytes = Array(text.utf8).map { $0 == 0xef ? 0xff : $0 }
    let path = try folder.write("d.csv", bytes)
    let errors = [1, 2, 5].map { threads in
      datasetError { () throws(DatasetError) in
        try request(path, ColumnSettings(), .regression, threads: threads).load()
      }?.description
    }
    #expect(errors[0] != nil)
    #expect(errors[1] == errors[0] && errors[2] == errors[0])
  }

  @Test("many problems are counted, and the first of them shown, as one thread does")
  func manyProblems() throws {
    let text = (0..<100_000).map { row in
      row % 3 == 0 ? "\(row),?,1" : row % 1000 == 1 ? "\(row),word,n\(row)" : "\(row),0.5,1"
    }.joined(separator: "\n")
    let path = try folder.write("d.csv", Array(text.utf8))
    let errors = [1, 4].map { threads in
      datasetError { () throws(DatasetError) in
        try request(path, ColumnSettings(), .regression, threads: threads).load()
      }?.description
    }
    #expect(errors[0] != nil && errors[1] == errors[0])
  }

  @Test("too many classes are found wherever they are")
  func classes() throws {
    let text = (0..<70_000).map { "0.125,c\($0)" }.joined(separator: "\n")
    let path = try written("a,label\n" + text)
    let errors = [1, 3].map { threads in
      datasetError { () throws(DatasetError) in
        try request(path, ColumnSettings(), .classification, threads: threads).load()
      }?.description
    }
    #expect(errors[0]?.contains("65536") == true || errors[0]?.contains("65,536") == true)
    #expect(errors[1] == errors[0])
  }

  @Test("rows of many more inputs than fields are read as well")
  func manyLevels() throws {
    // So many inputs of a section that sections are not read at once.
    let text = (0..<60_000).map { "\($0 % 300),w\($0 % 250),0" }.joined(separator: "\n")
    let path = try written("a,b,y\n" + text)
    func read(_ threads: Int) throws -> Dataset {
      try request(path, ColumnSettings(oneHot: .error), .regression, threads: threads)
        .load().train.dataset
    }
    let alone = try read(1)
    #expect(alone.inputs.columns == 251)
    #expect(try read(2) == alone)
  }
}
