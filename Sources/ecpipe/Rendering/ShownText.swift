import Storage

/// Text as a terminal may have it. Names of files, columns and classes can hold what terminals obey: that is
/// written out, and only what this program itself has to say to a terminal stays.
package enum ShownText {
  /// The text, lines and tabs as they are.
  ///
  /// - Parameter sequences: what is meant for the terminal, whole.
  package static func of(_ text: String, keeping sequences: [String] = []) -> String {
    let plain = { (scalar: Unicode.Scalar) in
      scalar.isObeyed && scalar != "\n" && scalar != "\t"
    }
    let kept = sequences.map { Array($0.unicodeScalars) }
    if kept.isEmpty { return text.writingOut(plain) }
    var shown = String.UnicodeScalarView()
    var rest = Substring.UnicodeScalarView(text.unicodeScalars)
    while let scalar = rest.first {
      if !plain(scalar) {
        shown.append(scalar)
        rest.removeFirst()
      } else if let own = kept.first(where: { rest.starts(with: $0) }) {
        shown.append(contentsOf: own)
        rest.removeFirst(own.count)
      } else {
        shown.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
        rest.removeFirst()
      }
    }
    return String(shown)
  }
}
