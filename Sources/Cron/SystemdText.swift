/// Text as systemd's unit files read it (systemd.syntax, systemd.service).
enum SystemdText {
  /// `word` as one word, whatever is in it. Dollars stay as they are: where they would be variables, the
  /// line says that there are none (`ExecStart=:`).
  static func quoted(_ word: String) -> String {
    if PlainText.needsNoQuotes(word) { return word }
    let escaped = plain(word).map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : String($0) }
    return "\"" + escaped.joined() + "\""
  }

  /// `text` where nothing but specifiers is looked for.
  static func plain(_ text: String) -> String {
    text.unicodeScalars.map { $0 == "%" ? "%%" : String($0) }.joined()
  }

  /// `path` as the rest of a line, which may not end in a backslash or a blank.
  static func path(_ path: String) -> String {
    plain(path) + (path.hasSuffix("\\") || path.hasSuffix(" ") ? "/" : "")
  }

  /// The words of a command line as it is written here; nil where a quote is not closed.
  static func words(of line: Substring) -> [String]? {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    var rest = line.drop { "-@:+!".contains($0) }.unicodeScalars
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\"":
        isQuoted.toggle()
        word = word ?? ""
      case "\\", "%":
        // Of two the second.
        guard let next = rest.popFirst() else { return nil }
        word = (word ?? "") + String(next)
      case " " where !isQuoted:
        if let finished = word { words.append(finished) }
        word = nil
      default: word = (word ?? "") + String(scalar)
      }
    }
    if isQuoted { return nil }
    return words + (word.map { [$0] } ?? [])
  }

  /// `name` as a part of a unit's name: what systemd does not allow there as `\x25`.
  static func unitName(_ name: String) -> String {
    name.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "-"),
        UInt8(ascii: "_"), UInt8(ascii: "."):
        String(UnicodeScalar(byte))
      default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }.joined()
  }

  /// The name that `unitName` has made `text` of; nil for what it does not make.
  static func name(ofUnit text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      guard rest.popFirst() == UInt8(ascii: "x"),
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
