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
}

extension String {
  /// The text with what nobody sees written out: `a\u{202E}b`.
  package var showingInvisible: String {
    unicodeScalars.map { $0.isInvisible ? $0.escaped(asASCII: true) : String($0) }.joined()
  }
}
