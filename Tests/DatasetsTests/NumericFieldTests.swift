import Datasets
import Foundation
import NumericCore
import Testing

/// Numbers are tested through the reader that uses them.
@Suite("NumericField")
struct NumericFieldTests {
  let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func read(_ texts: [String]) throws -> [Double] {
    let path = try folder.write("d.csv", texts.map { "\($0),0" }.joined(separator: "\n"))
    return try InputFile.read(path, format: CSVFormat(header: false), ignoring: [.last])
      .inputs.elements
  }

  @Test("every number is the Double that strtod of glibc finds")
  func nearest() throws {
    var texts = [
      "0", "-0", "1", ".5", "5.", "+1.25", "1e5", "1E+5", "1e-5", "00012", "0.000", "1e-45",
      "7e-46", "1.17549435e-38", "1.1754943e-38", "3.4028234e38", "3.40282346e38", "1e-400",
      "16777217", "16777219", "16777217.0000000000000000001", "33554434.999999999",
      "9007199254740993", "123456789012345678901234567890", "0.1000000014901161193847656250",
      "8388608.5", "8388609.5", "1000000000000000000000000000000e-30", "1e22", "1e23", "0e999999",
      "4.9e-324", "2.4e-324", "2.2250738585072014e-308", "1e-22", "0.3",
    ]
    var generator = Philox(seed: 7, purpose: .derivation)
    for _ in 0..<3000 {
      let digits = 1 + generator.next(below: 22)
      var text = generator.next(below: 2) == 0 ? "" : "-"
      let point = generator.next(below: digits + 1)
      for i in 0..<digits {
        if i == point { text += "." }
        text += "\(generator.next(below: 10))"
      }
      if generator.next(below: 2) == 0 { text += "e\(generator.next(below: 70) - 50)" }
      texts.append(text)
    }
    // Numbers that lie exactly between two Doubles, and a little beside: whole numbers of 54 bits.
    for _ in 0..<500 {
      let middle = (1 << 53) + 2 * generator.next(below: 1 << 52) + 1
      texts += ["\(middle)", "\(middle).000000000000001", "\(middle - 1).9", "\(middle)e-3"]
    }
    // As programs write them: 17 digits, and 19.
    for _ in 0..<500 {
      let value = Double(generator.next(below: 1 << 53)) * 0x1p-50
      texts += ["\(value)", String(format: "%.18e", value)]
    }
    texts = texts.filter { Float(strtod($0, nil)).isFinite }
    let values = try read(texts)
    for (text, value) in zip(texts, values) {
      #expect(value.bitPattern == strtod(text, nil).bitPattern, "\(text)")
    }
    #expect(values.count == texts.count)
  }

  @Test("a whole number beside the middle of two floats is rounded once, as it is in an array")
  func roundedOnce() throws {
    // The Double that is nearest to each is the middle.
    let middles = [(1 << 60) + (1 << 36), (1 << 60) + (3 << 36)]
    let wholes = middles.flatMap { [$0 - 1, $0, $0 + 1] }.flatMap { [$0, -$0] }
    let floats = wholes.map { Float($0) }
    #expect(wholes.map { Float(Double($0)) } != floats)
    #expect(try read(wholes.map { "\($0)" }).map { Float($0) } == floats)
    #expect(try read(wholes.map { "\($0).000" }).map { Float($0) } == floats)
  }

  @Test(
    "text is not a number",
    arguments: [
      "-", "+", ".", "e5", "1e", "1e+", "1..2", "1.2.3", "1,5x", "0x1p3", "1_000", "1 2", "1f",
      "--1", "1-", "²", "１", "1e5.0", "nanx", "1e123456789012",
    ])
  func text(text: String) throws {
    let path = try folder.write("d.csv", "\"\(text)\",0")
    let error = datasetError { () throws(DatasetError) in
      try InputFile.read(path, format: CSVFormat(header: false), ignoring: [.last])
    }
    #expect(
      error
        == .value(
          path, .line(1, DataColumn(index: 0)),
          .notNumeric(text: text, firstRow: false, .command)))
  }

  @Test("words for missing and for infinite values are known in any case")
  func words() throws {
    for (words, problem) in [
      (["", " ", "NA", "na", "N/A", "nan", "NaN", "-nan", "null", "None", "?"], nil),
      (["inf", "INF", "-Infinity", "1e309", "-2e308"], ""),
    ] as [([String], String?)] {
      for word in words {
        let path = try folder.write("d.csv", "\"\(word)\",0")
        let error = datasetError { () throws(DatasetError) in
          try InputFile.read(path, format: CSVFormat(header: false), ignoring: [.last])
        }
        let expected: DatasetError.ValueProblem =
          problem == nil ? .missing(text: word, .measured) : .notFinite(text: word)
        #expect(error == .value(path, .line(1, DataColumn(index: 0)), expected))
      }
    }
  }

  @Test("a number of more than 1,000 characters is not taken for one")
  func long() throws {
    #expect(try read([String(repeating: "0", count: 999) + "7"]) == [7])
    #expect(throws: DatasetError.self) {
      try read([String(repeating: "1", count: 20) + String(repeating: "7", count: 981)])
    }
  }
}
