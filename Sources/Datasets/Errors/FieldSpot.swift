import Storage

/// A line of a CSV file, and the field of it that something is wrong with.
package struct FieldSpot: Sendable, Equatable {
  /// From 1, as an editor counts.
  package let line: Int
  /// The line without its break.
  package let text: String
  /// The field, in Unicode scalars of the line from 0; empty where nothing stands there.
  package let range: Range<Int>
  /// How a message names the place.
  package let place: String
}

extension FieldSpot {
  /// Largest file that is read again to show a line of it.
  private static let limit = 256 << 20
  /// Longest line that is shown.
  private static let longest = 1 << 20

  /// The spots that `error` names, as far as they can be found again in its files.
  package static func all(of error: DatasetError) -> [FieldSpot] {
    switch error {
    case .named(_, let error), .selecting(_, let error): all(of: error)
    case .files(let errors): errors.flatMap { all(of: $0) }
    case .several(let file, let errors, _): found(errors, in: file)
    default: found([error], in: error.place)
    }
  }

  private static func found(_ errors: [DatasetError], in file: String) -> [FieldSpot] {
    let wanted = errors.compactMap(\.field)
    guard !wanted.isEmpty, !NamedFile(file).isStream,
      let bytes = try? DataFile.read(file, limit: limit)
    else { return [] }
    let lines = lines(of: bytes, wanted: Set(wanted.map(\.line)))
    return wanted.compactMap { field in
      lines[field.line].flatMap { FieldSpot(field, in: $0) }
    }
  }

  /// The lines with the numbers `wanted`, from 1.
  private static func lines(of bytes: [UInt8], wanted: Set<Int>) -> [Int: String] {
    var found: [Int: String] = [:]
    var number = 1
    var start = 0
    while start <= bytes.count, found.count < wanted.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      if wanted.contains(number) {
        var line = bytes[start..<end]
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.count > longest { return found }
        var text = String(decoding: line, as: UTF8.self)
        if number == 1, text.unicodeScalars.first == "\u{FEFF}" {
          text.unicodeScalars.removeFirst()
        }
        found[number] = text
      }
      number += 1
      start = end + 1
    }
    return found
  }

  /// The field where it can only be this one: with the text that the error names, or empty.
  private init?(_ field: DatasetError.Field, in text: String) {
    let scalars = Array(text.unicodeScalars)
    for delimiter in CSVFormat.Delimiter.allCases.compactMap(\.rawValue.unicodeScalars.first) {
      let ranges = Self.fields(of: scalars, by: delimiter)
      guard ranges.indices.contains(field.column.index) else { continue }
      let range = ranges[field.column.index]
      guard Self.content(of: scalars[range]) == Self.trimmed(field.text) else { continue }
      self.init(line: field.line, text: text, range: range, place: field.place)
      return
    }
    return nil
  }

  /// Where the fields of a line are, without blanks around them.
  private static func fields(
    of line: [Unicode.Scalar], by delimiter: Unicode.Scalar
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var (start, isQuoted) = (0, false)
    for index in 0...line.count {
      if index < line.count, line[index] == "\"" { isQuoted.toggle() }
      guard index == line.count || line[index] == delimiter && !isQuoted else { continue }
      var (first, last) = (start, index)
      while first < last, line[first] == " " { first += 1 }
      while last > first, line[last - 1] == " " { last -= 1 }
      ranges.append(first..<last)
      start = index + 1
    }
    return ranges
  }

  private static func content(of field: ArraySlice<Unicode.Scalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: field)
    let string = String(text)
    guard string.count > 1, string.hasPrefix("\""), string.hasSuffix("\"") else { return string }
    return trimmed(string.dropFirst().dropLast().replacing("\"\"", with: "\""))
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    var text = Substring(text)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

extension DatasetError {
  /// A field of a CSV that an error names, with what stands in it.
  fileprivate struct Field {
    let line: Int
    let column: DataColumn
    let text: String
    /// How the message names it.
    let place: String
  }

  /// The field that the error is about, where its line and its column are known.
  fileprivate var field: Field? {
    switch self {
    case .value(_, .line(let line, let column), let problem):
      Field(line: line, column: column, text: problem.text, place: "line \(line), \(column)")
    case .classes(_, .notWhole(.line(let line, let column), let text)),
      .classes(_, .mixedLabels(.line(let line, let column), let text, _, _)),
      .classes(_, .unseenLabel(.line(let line, let column), let text, _, _)):
      Field(line: line, column: column, text: text, place: "line \(line), \(column)")
    case .column(_, let column, .text(let text, let line, _, _)),
      .column(_, let column, .textTarget(let text, let line, _, _)),
      .column(_, let column, .grouped(let text, _, _, let line, _, _, _)),
      .column(_, let column, .otherDecimal(let text, let line, _, _)):
      Field(line: line, column: column, text: text, place: "line \(line)")
    default: nil
    }
  }
}

extension DatasetError.ValueProblem {
  /// What stands in the field.
  fileprivate var text: String {
    switch self {
    case .missing(let text, _), .notNumeric(let text, _, _), .notFinite(let text),
      .tooLarge(let text), .unknownLevel(let text, _):
      text
    case .noKey: ""
    }
  }
}
