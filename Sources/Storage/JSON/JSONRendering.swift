extension JSONValue {
  /// The one canonical form: members sorted by the UTF-8 bytes of their names, no white space,
  /// numbers with the fewest digits that read back as the same value (a Double keeps its `.0`).
  ///
  /// Two values are equal exactly when their canonical forms are, but for strings that differ only in
  /// Unicode normalisation, which Swift calls equal and this form does not.
  package var canonical: String { String(decoding: canonicalBytes, as: UTF8.self) }

  /// The canonical form as UTF-8.
  package var canonicalBytes: [UInt8] {
    var output: [UInt8] = []
    append(to: &output, indentation: nil)
    return output
  }

  /// A form for people: one member a line, two spaces a level; arrays of plain values stay on one
  /// line. No line break at the end.
  package var readable: String {
    var output: [UInt8] = []
    append(to: &output, indentation: 0)
    return String(decoding: output, as: UTF8.self)
  }

  /// Appends the canonical form, or with an indentation (in levels) the readable one.
  private func append(to output: inout [UInt8], indentation: Int?) {
    switch self {
    case .null: output.append(contentsOf: "null".utf8)
    case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let value): output.append(contentsOf: value.description.utf8)
    case .number(let value):
      // Swift's description is the shortest decimal that reads back as the same Double.
      output.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
    case .string(let value): Self.append(quoted: value, to: &output)
    case .array(let elements):
      let lines = elements.contains { $0.isNested } ? indentation : nil
      let space = indentation != nil && lines == nil
      Self.append(elements, between: "[]", to: &output, indentation: lines, space: space) {
        $0.append(to: &$1, indentation: lines.map { $0 + 1 })
      }
    case .object(let object):
      Self.append(object, between: "{}", to: &output, indentation: indentation, space: false) {
        Self.append(quoted: $0.name, to: &$1)
        $1.append(contentsOf: (indentation == nil ? ":" : ": ").utf8)
        $0.value.append(to: &$1, indentation: indentation.map { $0 + 1 })
      }
    }
  }

  private var isNested: Bool {
    switch self {
    case .array, .object: true
    case .null, .bool, .integer, .number, .string: false
    }
  }

  private static func append<Items: RandomAccessCollection>(
    _ items: Items, between brackets: StaticString, to output: inout [UInt8], indentation: Int?,
    space: Bool, item append: (Items.Element, inout [UInt8]) -> Void
  ) {
    output.append(brackets.utf8Start[0])
    var isFirst = true
    for item in items {
      if !isFirst { output.append(UInt8(ascii: ",")) }
      if let indentation {
        breakLine(indentation + 1)
      } else if space && !isFirst {
        output.append(0x20)
      }
      append(item, &output)
      isFirst = false
    }
    if let indentation, !isFirst { breakLine(indentation) }
    output.append(brackets.utf8Start[1])

    func breakLine(_ level: Int) {
      output.append(0x0a)
      output.append(contentsOf: repeatElement(0x20, count: 2 * level))
    }
  }

  /// Appends a string in quotes; only what JSON demands is escaped.
  private static func append(quoted text: String, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): output.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
      case 0x08: output.append(contentsOf: #"\b"#.utf8)
      case 0x09: output.append(contentsOf: #"\t"#.utf8)
      case 0x0a: output.append(contentsOf: #"\n"#.utf8)
      case 0x0c: output.append(contentsOf: #"\f"#.utf8)
      case 0x0d: output.append(contentsOf: #"\r"#.utf8)
      case 0..<0x20:
        output.append(contentsOf: #"\u00"#.utf8)
        output.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
        output.append(contentsOf: String(byte & 15, radix: 16).utf8)
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
