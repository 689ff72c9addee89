/// Colour where it is wanted, nothing elsewhere.
package struct Style {
  private let usesColour: Bool

  /// - Parameter usesColour: whether texts are wrapped in escape sequences.
  package init(usesColour: Bool) { self.usesColour = usesColour }

  /// Text of little weight.
  package func dim(_ text: String) -> String { wrap(text, "2") }

  /// Text of a warning.
  package func warning(_ text: String) -> String { wrap(text, "33") }

  /// Text about what is wrong.
  package func bad(_ text: String) -> String { wrap(text, "31") }

  /// Text about what is done.
  package func good(_ text: String) -> String { wrap(text, "32") }

  private func wrap(_ text: String, _ code: String) -> String {
    usesColour && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
