import Datasets
import Foundation
import NumericCore
import Testing

@Suite("ShortNumber") struct ShortNumberTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Numbers of every count of digits before and behind the sign of decimals, most of them of sixteen bytes at most.
  private static func texts() -> [String] {
    var generator = Philox(seed: 3, purpose: .derivation)
    func digits(_ count: Int) -> String {
      (0..<count).map { _ in "\(generator.next(below: 10))" }.joined()
    }
    var texts: [String] = []
    for whole in 0...12 {
      for fraction in 0...12 where whole + fraction > 0 {
        for sign in ["", "-"] {
          texts.append(sign + digits(whole) + "." + digits(fraction))
          if whole > 0 { texts.append(sign + digits(whole)) }
        }
      }
    }
    return texts
  }

  @Test(
    "every number is the Double that strtod of glibc finds, whatever ends its field",
    arguments: [CSVFormat.Delimiter.comma, .semicolon, .tab, .bar],
    [CSVFormat.DecimalSign.point, .comma])
  func nearest(delimiter: CSVFormat.Delimiter, decimal: CSVFormat.DecimalSign) throws {
    if delimiter == .comma, decimal == .comma { return }
    var texts = Self.texts()
    let columns = 12
    texts.removeLast(texts.count % columns)
    let rows = stride(from: 0, to: texts.count, by: columns).map { start in
      texts[start..<(start + columns)].map { $0.replacing(".", with: decimal.rawValue) }
        .joined(separator: delimiter.rawValue)
    }
    let path = try folder.write("d.csv", rows.joined(separator: "\n"))
    let read = try InputFile.read(
      path, format: CSVFormat(delimiter: delimiter, header: false, decimal: decimal))
    let values = read.inputs.elements
    #expect(values.count == texts.count)
    for (text, value) in zip(texts, values) {
      #expect(value.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
  }

  @Test(
    "what is no number is none between others, either",
    arguments: [
      "1-2", "1.2.3", "1:2", "/1", "12a", "1..2", "-", ".", "-.", "--1", "1 2", "12345678x",
      "1234567.8x", "0.1234567/", "\u{fe}1",
    ])
  func text(text: String) throws {
    let rows = (0..<20).map { $0 == 9 ? "4,\(text),5" : "\($0),1.5,-2" }
    let path = try folder.write("d.csv", rows.joined(separator: "\n"))
    let error = datasetError { () throws(DatasetError) in
      try InputFile.read(path, format: CSVFormat(delimiter: .comma, header: false))
    }
    #expect(error?.description.contains("line 10, column 1") == true, "\(error as Any)")
  }
}
