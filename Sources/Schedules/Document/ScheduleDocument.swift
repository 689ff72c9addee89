import Yams

/// One YAML document as a tree, within the caps that keep a hostile one harmless.
///
/// Tags, merge keys (`<<`), keys that are not texts and second documents are refused; aliases are
/// allowed.
package struct ScheduleDocument {
  /// The most levels a document may have, aliases expanded.
  static let maximumDepth = 32
  /// The most nodes a document may have, aliases expanded: keys, scalars, lists and mappings.
  static let maximumNodes = 100_000

  package let root: YAMLNode

  /// Reads a document from the bytes of a file, and puts overrides in place.
  ///
  /// - Parameter start: the checkpoint that a schedule begins with in place of what it says; from the root.
  /// - Throws: the first `ScheduleProblem` found; behind a syntax error nothing can be trusted.
  package init(
    _ bytes: [UInt8], overrides: [String] = [], start: String? = nil
  ) throws(ScheduleProblem) {
    let text = try SourceText(bytes)
    var root = try YAMLComposer.withRoot(of: text) { (node) throws(ScheduleProblem) in
      var builder = TreeBuilder()
      return try builder.build(node, depth: 1)
    }
    for text in overrides {
      let override = try ScheduleOverride(text)
      root = try override.applied(to: root)
      try Self.check(
        depth: root.height, size: root.size, at: SourcePosition.start.inside(override: text))
    }
    self.root = start.map { root.beginning(with: $0) } ?? root
  }

  /// - Throws: `ScheduleProblem` above one of the caps.
  fileprivate static func check(
    depth: Int, size: Int, at position: SourcePosition
  ) throws(ScheduleProblem) {
    guard depth <= maximumDepth else {
      throw ScheduleProblem(position, .tooDeep(limit: maximumDepth))
    }
    guard size <= maximumNodes else {
      throw ScheduleProblem(position, .tooManyNodes(limit: maximumNodes))
    }
  }
}

/// Turns composed nodes into a tree whose aliases share the node of their anchor.
private struct TreeBuilder {
  /// The nodes of all anchors so far; a later anchor of the same name hides an earlier one.
  private var anchors: [String: YAMLNode] = [:]
  /// Nodes built so far, aliases not expanded.
  private var built = 0

  mutating func build(_ node: Node, depth: Int) throws(ScheduleProblem) -> YAMLNode {
    built += 1
    try ScheduleDocument.check(depth: depth, size: built, at: node.position)
    let result: YAMLNode
    switch node {
    case .scalar(let scalar): result = try build(scalar, at: node.position, depth: depth)
    case .sequence(let items):
      try refuse(tag: items.tag, at: node.position)
      result = try list(items, at: node.position, depth: depth)
    case .mapping(let mapping):
      try refuse(tag: mapping.tag, at: node.position)
      result = try self.mapping(mapping, at: node.position, depth: depth)
    case .alias: throw ScheduleProblem(node.position, .syntax("an alias out of place"))
    }
    if let anchor = node.anchor { anchors[anchor.rawValue] = result }
    return result
  }

  private mutating func build(
    _ scalar: Node.Scalar, at position: SourcePosition, depth: Int
  ) throws(ScheduleProblem) -> YAMLNode {
    let isPlain = scalar.style == .plain
    // Yams gives every quoted text the tag of a string.
    if isPlain || scalar.tag != Tag(.str) { try refuse(tag: scalar.tag, at: position) }
    let text = restored(scalar.string)
    guard isPlain, text.hasPrefix("*") else {
      return YAMLNode(position: position, content: .scalar(text, isPlain: isPlain))
    }
    let name = String(text.dropFirst())
    guard isAnchorName(name) else { throw ScheduleProblem(position, .unquotedStar(text)) }
    guard let target = anchors[name] else { throw ScheduleProblem(position, .unknownAnchor(name)) }
    try ScheduleDocument.check(depth: depth + target.height - 1, size: target.size, at: position)
    return target
  }

  private mutating func list(
    _ items: Node.Sequence, at position: SourcePosition, depth: Int
  ) throws(ScheduleProblem) -> YAMLNode {
    var list: [YAMLNode] = []
    list.reserveCapacity(items.count)
    var size = 1
    for item in items {
      let child = try build(item, depth: depth + 1)
      list.append(child)
      size += child.size
      try ScheduleDocument.check(depth: depth, size: size, at: position)
    }
    return YAMLNode(position: position, content: .list(list))
  }

  private mutating func mapping(
    _ mapping: Node.Mapping, at position: SourcePosition, depth: Int
  ) throws(ScheduleProblem) -> YAMLNode {
    var entries: [YAMLNode.Entry] = []
    entries.reserveCapacity(mapping.count)
    var size = 1
    for (keyNode, valueNode) in mapping {
      let key = try self.key(keyNode)
      let child = try build(valueNode, depth: depth + 1)
      entries.append(YAMLNode.Entry(key: key, keyPosition: keyNode.position, value: child))
      size += 1 + child.size
      try ScheduleDocument.check(depth: depth, size: size, at: position)
    }
    return YAMLNode(position: position, content: .mapping(entries))
  }

  private mutating func key(_ node: Node) throws(ScheduleProblem) -> String {
    guard case .scalar(let scalar) = node else {
      throw ScheduleProblem(node.position, .complexKey)
    }
    built += 1
    let isPlain = scalar.style == .plain
    // Looking for equal keys, Yams has given every key without a tag that of a string.
    if scalar.tag != Tag(.str) { try refuse(tag: scalar.tag, at: node.position) }
    let key = restored(scalar.string)
    if isPlain, key == "<<" { throw ScheduleProblem(node.position, .mergeKey) }
    if isPlain, key.hasPrefix("*") { throw ScheduleProblem(node.position, .unquotedStar(key)) }
    if let anchor = node.anchor {
      anchors[anchor.rawValue] = YAMLNode(
        position: node.position, content: .scalar(key, isPlain: isPlain))
    }
    return key
  }

  private func refuse(tag: Tag, at position: SourcePosition) throws(ScheduleProblem) {
    guard tag == .implicit else { throw ScheduleProblem(position, .tag(tag.description)) }
  }
}

/// The text with the characters that were replaced for composing.
private func restored(_ text: String) -> String {
  guard
    text.unicodeScalars.contains(where: { $0 == SourceText.star || $0 == SourceText.questionMark })
  else { return text }
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case SourceText.star: result.append("*")
    case SourceText.questionMark: result.append("?")
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// Whether YAML as libyaml reads it allows `name` for an anchor.
private func isAnchorName(_ name: String) -> Bool {
  !name.isEmpty
    && name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
}
