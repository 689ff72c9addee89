/// A node of a YAML document with its place and its cost.
///
/// An alias is the very node of its anchor, position included: an error in it points to the line
/// that has to be changed.
package struct YAMLNode: Sendable {
  /// What a node holds; scalars are text until somebody wants a type.
  package enum Content: Sendable {
    /// `isPlain` is whether it stands without quotes.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case mapping([Entry])
  }

  /// A key with its value; keys are texts, and no two of a mapping are equal.
  package struct Entry: Sendable {
    package let key: String
    package let keyPosition: SourcePosition
    package let value: YAMLNode

    package init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
      self.key = key
      self.keyPosition = keyPosition
      self.value = value
    }
  }

  package let position: SourcePosition
  package let content: Content
  /// Number of nodes in the tree below and including this one, aliases expanded.
  package let size: Int
  /// Levels of the tree, 1 for a scalar.
  package let height: Int

  /// The children are few enough that their sizes can be summed.
  package init(position: SourcePosition, content: Content) {
    self.position = position
    self.content = content
    switch content {
    case .scalar:
      size = 1
      height = 1
    case .list(let items):
      size = items.reduce(1) { $0 + $1.size }
      height = items.reduce(0) { max($0, $1.height) } + 1
    case .mapping(let entries):
      size = entries.reduce(1) { $0 + 1 + $1.value.size }
      height = entries.reduce(0) { max($0, $1.value.height) } + 1
    }
  }

  /// Whether this is `key:` with nothing behind it, or YAML's null.
  package var isEmpty: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }

  /// The same tree as the value of an override.
  package func inside(override: String) -> YAMLNode {
    let content: Content =
      switch self.content {
      case .scalar: self.content
      case .list(let items): .list(items.map { $0.inside(override: override) })
      case .mapping(let entries):
        .mapping(
          entries.map {
            Entry(
              key: $0.key, keyPosition: $0.keyPosition.inside(override: override),
              value: $0.value.inside(override: override))
          })
      }
    return YAMLNode(position: position.inside(override: override), content: content)
  }
}
