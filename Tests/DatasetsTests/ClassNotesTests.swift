import Datasets
import NumericCore
import Testing

@Suite("What is odd about classes")
struct ClassNotesTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func notes(_ labels: [String]) throws -> [String] {
    let path = try folder.write(
      "d.csv", "x,kind\n" + labels.map { "0,\($0)\n" }.joined())
    return try CSVReader.dataset(path, labels: [.last], task: .classification).notes
      .map { $0.replacing("\(folder.path)/", with: "") }
  }

  @Test("hundreds of numbers, or nearly as many as rows, look like amounts")
  func numbers() throws {
    let amounts = (0..<414).map { String($0 % 214 * 3 + 25) }
    #expect(
      try notes(amounts) == [
        "d.csv, column \"kind\": the labels are 214 different numbers, which looks like amounts rather than classes; if "
          + "they are, write task: regression"
      ])
    // 100 classes of 20 samples each, and as many names, are classes.
    #expect(try notes((0..<2000).map { String($0 % 100) }) == [])
    #expect(try notes((0..<500).map { "c\($0 % 250)" }) == [])
  }

  @Test("names that differ in capitals or spaces alone are probably the same")
  func alike() throws {
    #expect(
      try notes(["setosa", "SETOSA", "\" setosa\"", "virginica", "virginica"] * 2) == [
        "d.csv, column \"kind\": the classes \" setosa\", \"SETOSA\", \"setosa\" differ in capitals or spaces only, and each "
          + "is a class of its own; correct the labels if they mean the same"
      ])
  }

  @Test("names that look the same are shown by their code points, and are classes of their own")
  func composition() throws {
    // As Python's unicodedata.normalize writes them: NFC and NFD.
    let labels = ["caf\u{E9}", "cafe\u{301}", "th\u{E9}", "th\u{E9}"] * 2
    #expect(
      try notes(labels) == [
        "d.csv, column \"kind\": the classes \"cafe\\u{0301}\", \"caf\\u{00E9}\" differ in how the same "
          + "characters are encoded, and each is a class of its own; correct the labels if they mean the same"
      ])
    let path = try folder.write("d.csv", labels.map { "0,\($0)\n" }.joined())
    let targets = try CSVReader.dataset(path, labels: [.last], task: .classification).targets
    #expect(targets.width == 3)
    guard case .classes(let classes, _) = targets else { return }
    #expect(classes == [1, 0, 2, 2, 1, 0, 2, 2])
  }

  @Test("a class with one sample is named")
  func single() throws {
    #expect(
      try notes(["a", "a", "b"]) == [
        "d.csv, column \"kind\": the class \"b\" has one sample, which is too few to learn it or to measure it; check the "
          + "label, or add samples"
      ])
    #expect(
      try notes(["a", "a", "b", "c"]) == [
        "d.csv, column \"kind\": 2 classes have one sample each (\"b\", \"c\"), which is too few to learn or to measure them; "
          + "check the labels, or add samples"
      ])
  }

  @Test("other parts, whose classes are known, are not judged")
  func known() throws {
    let path = try folder.write("d.csv", "0,a\n1,b\n")
    #expect(
      try CSVReader.dataset(
        path, labels: [.last], task: .classification,
        context: ReadingContext(known: KnownClasses(names: ["a", "b"]))
      ).notes == [])
  }
}

private func * (labels: [String], times: Int) -> [String] {
  Array(repeating: labels, count: times).flatMap { $0 }
}
