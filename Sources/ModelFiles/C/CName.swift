import Storage

/// What all names in a C source begin with: letters, digits and single underscores, a letter first.
struct CName: Sendable, Equatable {
  let text: String

  /// More than this many characters stay of a file's name; C99 tells names apart by 31 where linkers see
  /// them, and by 63 elsewhere.
  static let mostCharacters = 24

  /// The name that was asked for; nil where C and C++ have no such one, or keep it for themselves.
  init?(stated text: String) {
    let isFitting =
      (1...40).contains(text.utf8.count) && text.utf8.first.map(Self.isLetter) == true
      && text.utf8.allSatisfy { Self.isLetter($0) || Self.isDigit($0) || $0 == Self.underscore }
      && !text.contains("__") && !text.hasSuffix("_")
    guard isFitting else { return nil }
    self.text = text
  }

  /// A name made from that of the file at `path`: "my net-2.c" becomes my_net_2.
  init(file path: String) {
    var letters: [UInt8] = []
    let name = FilePaths.name(of: path)
    let stem = name.hasSuffix(".c") ? name.dropLast(2) : name[...]
    for byte in stem.utf8 {
      if Self.isLetter(byte) || Self.isDigit(byte) {
        letters.append(byte)
      } else if let last = letters.last, last != Self.underscore {
        letters.append(Self.underscore)
      }
    }
    letters = Array(letters.prefix(Self.mostCharacters))
    if letters.last == Self.underscore { letters.removeLast() }
    let text = String(decoding: letters, as: UTF8.self)
    if let first = letters.first {
      self.text = Self.isLetter(first) ? text : "model_" + text
    } else {
      self.text = "model"
    }
  }

  /// The same in capitals, for macros.
  var macro: String { text.uppercased() }

  private static let underscore = UInt8(ascii: "_")

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte < 0x80
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
