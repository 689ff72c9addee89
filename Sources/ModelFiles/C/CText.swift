/// Pieces of C as text.
enum CText {
  /// Most characters of a line.
  private static let width = 96

  /// A float constant that reads back as the same bits: the shortest decimal number, which C++ of any age
  /// knows.
  static func float(_ value: Float) -> String {
    precondition(value.isFinite, "C has no word for what is not finite")
    return "\(value)f"
  }

  /// A 32-bit number; the least has no constant of its own.
  static func int32(_ value: Int32) -> String {
    value == .min ? "(-2147483647 - 1)" : String(value)
  }

  /// A string constant of the bytes of `text`: what is not plain ASCII is escaped in octal digits, which,
  /// unlike others, end by themselves.
  static func string(_ text: String) -> String {
    var result = "\""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"):
        result += "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7f: result += String(UnicodeScalar(byte))
      default:
        let digits = String(byte, radix: 8)
        result += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// A constant array: `static const float net_hidden1_bias[3] = {…};`. An empty one, which C does not
  /// have, gets a number that nothing reads.
  static func array(_ type: String, _ name: String, _ items: [String]) -> String {
    let shown = items.isEmpty ? ["0"] : items
    return "static const \(type) \(name)[\(shown.count)] = {\n\(wrapped(shown, indent: "    "))};\n"
  }

  /// `items` with commas between them, in lines.
  static func wrapped(_ items: [String], indent: String) -> String {
    var lines: [String] = []
    var line = indent
    for (index, item) in items.enumerated() {
      let piece = item + (index == items.count - 1 ? "" : ",")
      if line.utf8.count + 1 + piece.utf8.count > width, line != indent {
        lines.append(line)
        line = indent
      }
      line += (line == indent ? "" : " ") + piece
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// A comment of `lines`, which have no end of a comment in them.
  static func comment(_ lines: [String]) -> String {
    let text = lines.map { line in
      let safe = line.unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        .replacing("*/", with: "* /").replacing("/*", with: "/ *").replacing("??", with: "? ?")
      return safe.isEmpty ? " *" : " * \(safe)"
    }
    return "/*\n" + text.map { $0 + "\n" }.joined() + " */\n"
  }
}
