import Datasets
import Storage
import Testing

@Suite("CSV files read in pieces")
struct CSVPiecesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A table of several pieces: numbers as they are, in quotes and with exponents, labels with delimiters, quotes and
  /// line ends in them, rows that end in either way, and blank lines.
  private static func text(rows: Int) -> String {
    var text = "a,b,c,label\n"
    for row in 0..<rows {
      let label = row % 7 == 0 ? "\"one, \"\"two\"\"\nthree\"" : "four"
      text += "\(row),\(row % 5 == 0 ? "\"-\(row).25\"" : "-\(row).25"), \(row)e-2,\(label)"
      text += row % 3 == 0 ? "\r\n" : "\n"
      if row % 1000 == 999 { text += "\n \t \n" }
    }
    return text
  }

  private func path(_ text: String, _ suffix: String) throws -> String {
    let bytes = Array(text.utf8)
    return try folder.write(
      "d.csv\(suffix)", suffix.isEmpty ? bytes : Zstd.compress(bytes.span, level: 1))
  }

  @Test("have the values of every row, wherever a piece ends", arguments: ["", ".zst"])
  func values(suffix: String) throws {
    let rows = 30_000
    let text = Self.text(rows: rows)
    #expect(text.utf8.count > 3 << 18)
    let data = try CSVReader.dataset(
      path(text, suffix), labels: [.last], task: .classification)
    let expected = (0..<rows).flatMap { [Double($0), -Double($0) - 0.25, Double("\($0)e-2")!] }
    #expect(data.inputs == DataMatrix(rows: rows, columns: 3, expected))
    #expect(
      data.targets
        == .classes(
          (0..<rows).map { $0 % 7 == 0 ? 1 : 0 }, names: ["four", "one, \"two\"\nthree"]))
  }

  @Test("have the line of what is wrong behind many pieces", arguments: ["", ".zst"])
  func line(suffix: String) throws {
    let good = String(repeating: "1.5,2.5,3.5\n", count: 100_000)
    let file = try path(good + "1.5,x,3.5\n" + good, suffix)
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(file, labels: [.last], task: .regression)
    }
    #expect(error?.description.contains("line 100001") == true)
    let short = try path(good + "1.5,2.5\n" + good, suffix)
    let ragged = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(short, labels: [.last], task: .regression)
    }
    #expect(ragged?.description.contains("line 100001") == true)
  }

  @Test("may have a field longer than a piece")
  func longField() throws {
    let long = String(repeating: "x\n", count: 400_000)
    let data = try CSVReader.dataset(
      path("1,\"\(long)\"\n2,y\n3,y", ""), format: CSVFormat(header: false), labels: [.last],
      task: .classification)
    #expect(data.inputs.elements == [1, 2, 3])
    #expect(data.targets.classNames == [long, "y"])
    let open = try path("1,\"\(long)\n2,y\n", "")
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(open, labels: [.last], task: .classification)
    }
    #expect(error?.description.contains("a quoted field has no closing quote") == true)
  }

  @Test("may end with a piece, with a line end or without one", arguments: ["", "\n", "\r\n"])
  func end(lineEnd: String) throws {
    // Rows of 8 bytes fill pieces; the last lacks its end, or has more.
    let text = String(repeating: "1.25,-7\n", count: (1 << 17) - 1) + "1.25,-7"
    let data = try CSVReader.dataset(path(text + lineEnd, ""), labels: [.last], task: .regression)
    #expect(data.rows == 1 << 17)
    #expect(data.inputs[data.rows - 1, 0] == 1.25)
  }

  @Test("a cut or damaged compressed table says so, wherever it is reached")
  func damaged() throws {
    let packed = try Zstd.compress(Array(Self.text(rows: 30_000).utf8).span, level: 1)
    let cut = try folder.write("cut.csv.zst", Array(packed.dropLast(20)))
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(cut, labels: [.last], task: .classification)
      } == .file(cut, .compression(.truncated(.zstd))))
    let gzip = try folder.write(
      "cut.csv.gz", Array(DatasetGolden.bytes("table.csv.gz").dropLast(4)))
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(gzip, labels: [.name("kind")], task: .classification)
      } == .file(gzip, .compression(.truncated(.gzip))))
  }
}
