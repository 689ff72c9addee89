import Datasets
import NumericCore
import Testing

private let notWhole =
  "is not a whole number; classes are whole numbers or text (for other numbers choose task: regression)"
private let fillIn = "fill it in, remove the row, or write missing: drop"
private let fillInOrSay =
  fillIn
  + "; if it is a class, write missing: {error: {markers: []}}, so that the empty field alone is missing"
private let mixed =
  "is text where others are numbers; correct it, or write all labels as text"
private let oneClass =
  "and classification needs two classes; check which column holds the labels"

@Suite("ClassTable")
struct ClassTableTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func targets(
    _ labels: [String], known: KnownClasses? = nil
  ) throws -> Dataset.Targets {
    let path = try folder.write("d.csv", labels.map { "0,\($0)" }.joined(separator: "\n"))
    return try CSVReader.dataset(
      path, labels: [.last], task: .classification, context: .init(known: known)
    )
    .targets
  }

  private func complaint(_ labels: [String], known: KnownClasses? = nil) throws -> String? {
    let path = try folder.write("d.csv", labels.map { "0,\($0)" }.joined(separator: "\n"))
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(
        path, format: CSVFormat(header: false), labels: [.last], task: .classification,
        context: ReadingContext(known: known, words: .schedule))
    }
    return error?.description.replacing("\(folder.path)/", with: "")
  }

  @Test("numbers are classes in numeric order, however they are written")
  func numbers() throws {
    #expect(
      try targets(["10", "9", "+9", "65535", "9.0", "1e1"])
        == .classes([1, 0, 0, 2, 0, 1], names: ["9", "10", "65535"]))
    #expect(try targets(["1", "-1", "-1.0"]) == .classes([1, 0, 0], names: ["-1", "1"]))
    #expect(
      try targets(["7", "-7000000000", "70000000000000001"])
        == .classes([1, 0, 2], names: ["-7000000000", "7", "70000000000000001"]))
  }

  @Test("text is classes in the order of its bytes")
  func text() throws {
    #expect(
      try targets(["b", "a", "ä", "B", "b"])
        == .classes([2, 1, 3, 0, 2], names: ["B", "a", "b", "ä"]))
  }

  @Test(
    "labels that are no classes are refused",
    arguments: [
      (
        ["1", "2.5"],
        ", line 2, column 1 (counted from 0): the label \"2.5\" " + notWhole
      ),
      (
        ["inf", "1"],
        ", line 1, column 1 (counted from 0): the label \"inf\" " + notWhole
      ),
      (
        ["1", "nan"],
        ", line 2, column 1 (counted from 0): the value is missing (\"nan\"); " + fillInOrSay
      ),
      (
        ["1", "2", "x"],
        ", line 3, column 1 (counted from 0): the label \"x\" " + mixed
      ),
      (
        ["a", ""],
        ", line 2, column 1 (counted from 0): the value is missing; " + fillIn
      ),
      (
        ["a", "NA"],
        ", line 2, column 1 (counted from 0): the value is missing (\"NA\"); " + fillInOrSay
      ),
      (
        ["a", "a"],
        ", column 1 (counted from 0): every row has the label \"a\", " + oneClass
      ),
      (
        ["3"],
        ", column 1 (counted from 0): every row has the label \"3\", " + oneClass
      ),
    ])
  func refused(labels: [String], message: String) throws {
    #expect(try complaint(labels) == "d.csv\(message)")
  }

  @Test("more than 65,536 classes are refused")
  func many() throws {
    let labels = (0...65_536).map { "c\($0)" }
    #expect(try targets(Array(labels.dropLast())).width == 65_536)
    #expect(
      try complaint(labels)
        == "d.csv, column 1 (counted from 0): there are more than 65536 different labels; "
        + "check which column holds the labels (for numbers choose task: regression)")
  }

  @Test("known classes define the numbers, and one class alone is enough then")
  func known() throws {
    let numbers = KnownClasses(names: ["3", "5", "7"])
    #expect(try targets(["7", "03"], known: numbers) == .classes([2, 0], names: numbers.names))
    #expect(try targets(["7"], known: numbers) == .classes([2], names: numbers.names))
    let texts = KnownClasses(names: ["07", "x"])
    #expect(try targets(["x", "07"], known: texts) == .classes([1, 0], names: texts.names))
  }

  @Test("a label that training does not have is named with row and file")
  func unseen() throws {
    let known = KnownClasses(names: ["a", "b"], training: "train.csv")
    #expect(
      try complaint(["a", "c", "c"], known: known)
        == "d.csv, line 2, column 1 (counted from 0): the label \"c\" does not occur in the training part (train.csv); "
        + "correct it or train on such samples as well")
    #expect(
      try complaint(["3.5"], known: KnownClasses(names: ["3", "4"]))
        == "d.csv, line 1, column 1 (counted from 0): the label \"3.5\" does not occur in the training part; "
        + "correct it or train on such samples as well")
  }

  @Test("several label columns are for regression")
  func several() throws {
    let path = try folder.write("d.csv", "1,2,3")
    #expect(
      datasetError { () throws(DatasetError) in
        try CSVReader.dataset(path, labels: [.last, .index(0)], task: .classification)
      }?.description
        == "\(path): 2 label columns are selected, and classification takes one; "
        + "select one, or choose task: regression")
  }

  @Test("numbers of an array follow the same rules", arguments: [2.5, .infinity, 1e30])
  func arrays(value: Double) throws {
    let inputs = try folder.write("x.npy", NPY.bytes(of: .float32(Matrix(rows: 3, columns: 2))))
    let good = try folder.write("g.npy", NPY.bytes(of: DataMatrix(rows: 3, columns: 1, [4, 0, 4])))
    let bad = try folder.write(
      "b.npy", NPY.bytes(of: DataMatrix(rows: 3, columns: 1, [4, value, 4])))
    let source = DataSource.npy(inputs: ArrayFile(inputs), targets: ArrayFile(good))
    #expect(
      try source.read(task: .classification).targets == .classes([1, 0, 1], names: ["0", "4"]))
    let wrong = DataSource.npy(inputs: ArrayFile(inputs), targets: ArrayFile(bad))
    guard
      case .classes(bad, .notWhole(.element(1), _)) = datasetError({ () throws(DatasetError) in
        try wrong.read(task: .classification)
      })
    else {
      Issue.record("the label was not refused")
      return
    }
  }

  @Test("codes with needless zeros are texts, each as it is written")
  func codes() throws {
    #expect(
      try targets(["02", "01", "10", "01"])
        == .classes([1, 0, 2, 0], names: ["01", "02", "10"]))
    #expect(
      try targets(["7", "007", "07"]) == .classes([2, 0, 1], names: ["007", "07", "7"]))
    #expect(try targets(["01", "x"]).classNames == ["01", "x"])
    #expect(try targets(["0", "1", "10"]).classNames == ["0", "1", "10"])
  }
}
