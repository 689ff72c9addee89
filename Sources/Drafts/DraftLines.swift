import Storage

/// The lines of a commented YAML file. What names of files and columns could break a line by is written out: what is
/// a comment stays one.
struct DraftLines {
  /// Where comments begin behind a setting, and the longest line.
  private static let margin = 34
  private static let width = 100

  private(set) var lines: [String] = []

  /// The file's text.
  var text: String { lines.joined(separator: "\n") + "\n" }

  /// Adds a line as it is.
  mutating func add(_ line: String = "") { lines.append(line.writingOut { !$0.isPlainInYAML }) }

  /// Adds a comment, folded between words.
  ///
  /// - Parameters:
  ///   - indent: blanks before its sign.
  ///   - inner: blanks behind it, beside the usual one; later lines have two more.
  mutating func comment(_ text: String, indent: Int = 0, inner: Int = 0) {
    func start(_ isFirst: Bool) -> String {
      let blanks = inner == 0 || isFirst ? inner : inner + 2
      return String(repeating: " ", count: indent) + "# " + String(repeating: " ", count: blanks)
    }
    var line = start(true)
    var isEmpty = true
    for word in text.split(separator: " ") {
      if !isEmpty, line.count + 1 + word.count > Self.width {
        add(line)
        line = start(false)
        isEmpty = true
      }
      line += isEmpty ? word : " " + word
      isEmpty = false
    }
    add(line)
  }

  /// Adds a setting with a comment: behind it where there is room, else above it.
  mutating func add(_ setting: String, _ comment: String) {
    if comment.isEmpty { return add(setting) }
    let gap = max(2, Self.margin - setting.count)
    if setting.count + gap + 2 + comment.count <= Self.width {
      return add(setting + String(repeating: " ", count: gap) + "# " + comment)
    }
    self.comment(comment, indent: setting.prefix { $0 == " " }.count)
    add(setting)
  }
}

/// Texts as YAML has them.
enum YAMLText {
  private static let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]

  /// `text`, in quotes where it could be read as something else.
  static func quoted(_ text: String) -> String {
    let isPlain = text.utf8.enumerated().allSatisfy { index, byte in
      let isLetter = (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_")
      if isLetter { return true }
      if index == 0 { return byte == UInt8(ascii: "/") }
      return (0x30...0x39).contains(byte) || "-./".utf8.contains(byte)
    }
    if isPlain, !text.isEmpty, !words.contains(text.lowercased()) { return text }
    var quoted = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": quoted += "\\\\"
      case "\"": quoted += "\\\""
      case "\t": quoted += "\\t"
      case _ where !scalar.isPlainInYAML:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\"" + quoted + "\""
  }

  /// A list in brackets.
  static func list(_ items: [String]) -> String { "[" + items.joined(separator: ", ") + "]" }
}
