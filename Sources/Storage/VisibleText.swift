extension Unicode.Scalar {
  /// Whether nobody sees it, or it changes how what stands beside it is shown: controls, and what sets the
  /// direction of text.
  package var isInvisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      true
    default: properties.isDefaultIgnorableCodePoint
    }
  }

  /// Whether a reader of text obeys it rather than showing it: what moves a terminal's cursor, breaks a line, or turns
  /// the direction of what follows.
  package var isObeyed: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: properties.isBidiControl
    }
  }

  /// Whether a line of YAML can hold it as it is.
  package var isPlainInYAML: Bool {
    !isObeyed && value != 0xFEFF && value & 0xFFFE != 0xFFFE
  }

  /// Whether it looks like a space and is none.
  package var isOtherSpace: Bool {
    properties.generalCategory == .spaceSeparator && self != " "
  }
}

extension String {
  /// Text of a file in quotes, on one line and at most 40 characters of it.
  package var quotedExcerpt: String {
    let shown = unicodeScalars.prefix(40).map { scalar in
      scalar.isInvisible || scalar.isOtherSpace ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return "\"" + shown.joined() + (unicodeScalars.count > 40 ? "…" : "") + "\""
  }

  /// The text on one line and without anything that a terminal obeys, which is written out: `a\u{1B}[2Jb`.
  package var onOneLine: String { writingOut { $0.isObeyed } }

  /// The text with what `isMeant` says written out.
  package func writingOut(_ isMeant: (Unicode.Scalar) -> Bool) -> String {
    // Nearly all texts are plain.
    if utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return self }
    return unicodeScalars.map { isMeant($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
  }

  /// The text with what nobody sees, and spaces that are none, written out: `a\u{202E}b`.
  package var showingInvisible: String {
    writingOut { $0.isInvisible || $0.isOtherSpace }
  }

  /// What a reader sees of the text: capitals, spaces around, what nobody sees and how accents are written
  /// make no difference.
  package var asRead: String {
    var scalars = String.UnicodeScalarView()
    for scalar in unicodeScalars where !scalar.isInvisible {
      scalars.append(scalar.isOtherSpace ? " " : scalar)
    }
    var letters = Substring(String(scalars).lowercased())
    while letters.first?.isWhitespace == true { letters.removeFirst() }
    while letters.last?.isWhitespace == true { letters.removeLast() }
    return String(letters)
  }

  /// The text with everything that is not ASCII written out.
  package var showingScalars: String {
    unicodeScalars.map { $0.isASCII && !$0.isInvisible ? String($0) : $0.escaped(asASCII: true) }
      .joined()
  }
}
