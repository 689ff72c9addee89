import Datasets
import NumericCore
import Testing

private let outOfRange =
  "is out of range; numeric classes are whole numbers from 0 to 65535 "
  + "(for other numbers choose task: regression)"
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
    return try CSVReader.dataset(path, labels: [.last], task: .classification, known: known)
      .targets
  }

  private func complaint(_ labels: [String], known: KnownClasses? = nil) throws -> String? {
    let path = try folder.write("d.csv", labels.map { "0,\($0)" }.joined(separator: "\n"))
    let error = datasetError { () throws(DatasetError) in
      try CSVReader.dataset(
        path, format: CSVFormat(header: false), labels: [.last], task: .classification,
        known: known)
    }
    return error?.description.replacing("\(folder.path)/", with: "")
  }

  @Test("numbers are classes in numeric order, however they are written")
  func numbers() throws {
    #expect(
      try targets(["10", "9", "09", "65535", "9.0", "1e1"])
        == .classes([1, 0, 0, 2, 0, 1], names: ["9", "10", "65535"]))
  }

  @Test("text is classes in the order of its bytes")
  func text() throws {
    #expect(
      try targets(["b", "a", "ä", "B", "b"])
        == .classes([2, 1, 3, 0, 2], names: ["B", "a", "b", "ä"]))
    #expect(try targets(["none", "x"]).classNames == ["none", "x"])
  }

  @Test(
    "labels that are no classes are refused",
    arguments: [
      (
        ["1", "-1"],
        ", row 2: the label \"-1\" " + outOfRange
      ),
      (
        ["1", "2.5"],
        ", row 2: the label \"2.5\" " + outOfRange
      ),
      (
        ["65536", "1"],
        ", row 1: the label \"65536\" " + outOfRange
      ),
      (
        ["1", "nan"],
        ", row 2: the label \"nan\" " + outOfRange
      ),
      (
        ["1", "2", "x"],
        ", row 3: the label \"x\" " + mixed
      ),
      (
        ["a", ""],
        ", row 2, column 1 (counted from 0): the value is missing; fill it in or remove the row"
      ),
      (
        ["a", "NA"],
        ", row 2, column 1 (counted from 0): the value is missing; fill it in or remove the row"
      ),
      (
        ["a", "a"],
        ": every row has the label \"a\", " + oneClass
      ),
      (
        ["3"],
        ": every row has the label \"3\", " + oneClass
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
        == "d.csv: there are more than 65536 different labels; "
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
        == "d.csv, row 2: the label \"c\" does not occur in the training part (train.csv); "
        + "correct it or train on such samples as well")
    #expect(
      try complaint(["3.5"], known: KnownClasses(names: ["3", "4"]))
        == "d.csv, row 1: the label \"3.5\" does not occur in the training part; "
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

  @Test("numbers of an array follow the same rules", arguments: [2.5, -1, 65_536, .nan, 1e30])
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
      case .classes(bad, .labelOutOfRange(row: 2, _)) = datasetError({ () throws(DatasetError) in
        try wrong.read(task: .classification)
      })
    else {
      Issue.record("the label was not refused")
      return
    }
  }
}
