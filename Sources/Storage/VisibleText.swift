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

  /// The text with what nobody sees, and spaces that are none, written out: `a\u{202E}b`.
  package var showingInvisible: String {
    unicodeScalars.map { scalar in
      scalar.isInvisible || scalar.isOtherSpace ? scalar.escaped(asASCII: true) : String(scalar)
    }.joined()
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
