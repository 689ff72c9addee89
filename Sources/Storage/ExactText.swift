/// A text that is equal to others of the same bytes only.
///
/// A String is equal to another that shows the same characters, so that an accented letter of one code
/// point and of two would be one label.
package struct ExactText: Hashable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (left: ExactText, right: ExactText) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// Texts of the same bytes are equal as Strings too.
  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension Sequence<String> {
  /// Whether no text is there twice, byte by byte.
  package var areDistinct: Bool {
    var seen: Set<ExactText> = []
    return allSatisfy { seen.insert(ExactText($0)).inserted }
  }
}
