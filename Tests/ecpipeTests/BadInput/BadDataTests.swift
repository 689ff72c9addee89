import Foundation
import Testing

/// Data that are wrong in one way, and what is to be said of them.
struct BadData: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The `data` block of the schedule, from its second line.
  let source: String
  /// The files, by name; nil leaves a file away.
  let files: [String: Data]
  let code: Int32
  let fragments: [String]

  private init(
    _ name: String, source: String, files: [String: Data], code: Int32 = 65, _ fragments: [String]
  ) {
    testDescription = name
    self.source = source
    self.files = files
    self.code = code
    self.fragments = fragments
  }

  /// The flowers with `line` (from 1, the header is 1) replaced.
  private static func table(
    _ name: String, line: Int, _ text: String, _ fragments: String...
  ) -> BadData {
    var lines = SmallRun.flowers().split(separator: "\n").map(String.init)
    lines[line - 1] = text
    return BadData(
      name, source: "csv: bad.csv\n  label: kind",
      files: ["bad.csv": Data(lines.joined(separator: "\n").utf8)],
      ["bad.csv, line \(line)"] + fragments)
  }

  private static func whole(_ name: String, _ text: String, _ fragments: String...) -> BadData {
    BadData(
      name, source: "csv: bad.csv\n  label: last", files: ["bad.csv": Data(text.utf8)], fragments)
  }

  private static func idx(
    _ name: String, images: Data, labels: Data, _ fragments: String...
  ) -> BadData {
    BadData(
      name, source: "idx: {images: i.idx, labels: l.idx}",
      files: ["i.idx": images, "l.idx": labels], fragments)
  }

  /// An IDX file of bytes: magic, big-endian sizes, content.
  private static func idxFile(_ sizes: [Int], _ content: [UInt8]) -> Data {
    var bytes: [UInt8] = [0, 0, 8, UInt8(sizes.count)]
    for size in sizes { bytes += (0..<4).map { UInt8(size >> (24 - 8 * $0) & 0xff) } }
    return Data(bytes + content)
  }

  private static let pixels = (0..<12 * 4).map { UInt8($0) }
  private static let labels = (0..<12).map { UInt8($0 % 3) }

  /// The digits of the first schedule, cut in the middle.
  private static let cutArchive: Data = {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let bytes = try! Data(contentsOf: root.appending(path: "pipelines/data/digits.csv.gz"))
    return bytes.prefix(bytes.count / 2)
  }()

  static let all = [
    table("ragged", line: 5, "1,2,3,setosa", "4 fields where the first row has 5"),
    table("too many fields", line: 9, "1,2,3,4,5,setosa", "6 fields where the first row has 5"),
    table("text", line: 7, "1,abc,3,4,setosa", #"column "sepal width""#, #""abc" is not a number"#),
    table("NaN", line: 4, "1,2,nan,4,setosa", #"column "petal length""#, #"missing ("nan")"#),
    table("infinity", line: 4, "-Inf,2,3,4,setosa", #"column "sepal length""#, #""-Inf""#),
    table("beyond 64 bits", line: 4, "1e309,2,3,4,setosa", #""1e309""#),
    table("missing value", line: 6, "1,2,,4,setosa", #"column "petal length""#, "missing"),
    table("missing value by name", line: 6, "1,2,NA,4,setosa", #"column "petal length""#),
    table("missing label", line: 6, "1,2,3,4,", #"column "kind""#, "missing"),
    whole(
      "one class", "1,2,a\n3,4,a\n5,6,a\n", #"every row has the label "a""#, "needs two classes"),
    whole("endless label", "1,2,0\n3,4,inf\n5,6,1\n", "line 2", #""inf" is not a whole number"#),
    whole(
      "label with a fraction", "1,2,0\n3,4,1.5\n5,6,1\n", "line 2", #""1.5" is not a whole number"#),
    whole("empty", "", "no rows of data"),
    whole("header alone", "a,b,c\n", "no rows of data"),
    BadData(
      "missing file", source: "csv: none.csv\n  label: 0", files: [:], code: 66, ["none.csv"]),
    BadData(
      "unknown label column", source: "csv: bad.csv\n  label: knd",
      files: ["bad.csv": Data(SmallRun.flowers().utf8)],
      [#""knd"; did you mean "kind"? The columns are "sepal length","#, "the delimiter found is ,"]),
    BadData(
      "truncated archive", source: "csv: bad.csv.gz\n  label: last",
      files: ["bad.csv.gz": cutArchive], ["bad.csv.gz: the gzip data is truncated"]),
    idx(
      "an IDX file that holds less than it promises",
      images: idxFile([12, 2, 2], pixels.dropLast(5)), labels: idxFile([12], labels),
      "i.idx: the IDX header promises 12 x 2 x 2 elements", "43 bytes follow it"),
    idx(
      "an IDX file that promises more than memory",
      images: idxFile([0x7fff_ffff, 0x7fff_ffff, 0x7fff_ffff], pixels),
      labels: idxFile([12], labels), "i.idx: "),
    idx(
      "fewer labels than images", images: idxFile([12, 2, 2], pixels),
      labels: idxFile([11], labels.dropLast()), "l.idx: 11 rows for the 12 rows"),
    idx(
      "no IDX file", images: Data("abc".utf8), labels: idxFile([12], labels), "i.idx: "),
  ]
}

@Suite("Bad data")
struct BadDataTests {
  @Test(
    "are refused with the file, the line and the column, and change nothing", arguments: BadData.all
  )
  func refused(bad: BadData) throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "train").code == 0)
      let text = SmallRun.schedule
        .replacing("csv: flowers.csv\n  label: kind", with: bad.source)
        .replacing("  split: {validation: 0.2, test: 0.2}\n", with: "")
        .replacing("part: test", with: "part: train")
      try place.write(text, to: "small.yaml")
      for (name, bytes) in bad.files { try place.write(bytes, to: name) }
      let before = place.snapshot()
      for command in ["run", "validate"] {
        let outcome = try place.run(command, "small.yaml")
        #expect((outcome.code, outcome.output) == (bad.code, ""))
        #expect(outcome.errors.hasPrefix("ecpipe: "))
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
        for fragment in bad.fragments {
          #expect(outcome.errors.contains(fragment), "\(outcome.errors)")
        }
      }
      #expect(place.snapshot() == before)
    }
  }

  @Test("data that change between runs are computed anew beside the old files, with a warning")
  func changed() throws {
    try Workplace.with { place in
      try SmallRun.write(to: place)
      try #require(place.run("run", "small.yaml", "--until", "evaluate").code == 0)
      let old = try place.checkpoints(of: "small")
      try place.write(SmallRun.flowers(rows: 63), to: "flowers.csv")
      let outcome = try place.run("run", "small.yaml", "--until", "evaluate")
      #expect(outcome.code == 0)
      #expect(outcome.errors.hasPrefix("warning: the data have changed"))
      let all = try place.checkpoints(of: "small")
      #expect(all.count == 2 * old.count)
      for (name, bytes) in old { #expect(all[name] == bytes) }
    }
  }

  @Test("a loss that stops being a number: exit 1 with stage, epoch, step and rate; the rest stays")
  func divergence() throws {
    try Workplace.with { place in
      try place.write(SmallRun.curve(), to: "curve.csv")
      try place.write(
        """
        version: 1
        name: curve
        data: {csv: curve.csv, label: [2, 3], task: regression}
        model: {hidden: [6]}
        training: {batch: 10}
        stages:
          - train: {epochs: 2}
          - finetune: {epochs: 50, optimizer: {sgd: {learning_rate: 1.0e+18}}}
        """, to: "curve.yaml")
      try #require(place.run("run", "curve.yaml", "--until", "train").code == 0)
      let good = try place.checkpoints(of: "curve")
      let result = try place.bytes("checkpoints/curve/result.safetensors")
      let outcome = try place.run("run", "curve.yaml", "--quiet")
      #expect((outcome.code, outcome.output) == (1, ""))
      #expect(
        outcome.errors.contains(
          #/stage finetune: the loss is not a number at epoch \d+, step \d+, learning rate 1e\+18; /#
        ), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1)
      #expect(try place.checkpoints(of: "curve") == good)
      #expect(try place.bytes("checkpoints/curve/result.safetensors") == result)
      #expect(!place.names(in: "checkpoints/curve").contains { $0.hasSuffix(".partial") })
    }
  }
}
