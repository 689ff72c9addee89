/// A node of a YAML document with its place and its cost.
///
/// An alias is the very node of its anchor, position included: an error in it points to the line
/// that has to be changed.
struct YAMLNode: Sendable {
  /// What a node holds; scalars are text until somebody wants a type.
  enum Content: Sendable {
    /// `isPlain` is whether it stands without quotes.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case mapping([Entry])
  }

  /// A key with its value; keys are texts, and no two of a mapping are equal.
  struct Entry: Sendable {
    let key: String
    let keyPosition: SourcePosition
    let value: YAMLNode
  }

  let position: SourcePosition
  let content: Content
  /// Number of nodes in the tree below and including this one, aliases expanded.
  let size: Int
  /// Levels of the tree, 1 for a scalar.
  let height: Int

  /// Whether this is `key:` with nothing behind it, or YAML's null.
  var isEmpty: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return text.isEmpty || text == "~" || text == "null"
  }
}
