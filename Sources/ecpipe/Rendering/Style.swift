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

  /// All that is said to a terminal.
  package static let sequences = ["2", "33", "31", "32", end].map(sequence)

  private static let end = "0"

  private static func sequence(_ code: String) -> String { "\u{1b}[\(code)m" }

  private func wrap(_ text: String, _ code: String) -> String {
    usesColour && !text.isEmpty ? Self.sequence(code) + text + Self.sequence(Self.end) : text
  }
}
