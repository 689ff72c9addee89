/// A value of the command line in place of one in the file: `training.batch=128`,
/// `stages[2].alternate.rounds=6`, `model.hidden=[30, 10]`.
struct ScheduleOverride {
  /// One step from a node to a child.
  private enum Step {
    case key(String)
    /// From 0.
    case index(Int)
  }

  /// As given.
  let text: String
  private let steps: [Step]
  private let value: YAMLNode

  /// - Throws: `ScheduleProblem` for a malformed path, or a value that is not YAML.
  init(_ text: String) throws(ScheduleProblem) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[1].allSatisfy({ $0 == " " }), let steps = Self.steps(parts[0])
    else {
      throw ScheduleProblem(
        SourcePosition.start.inside(override: text), .value(.malformedOverride))
    }
    do {
      value = try ScheduleDocument(Array(parts[1].utf8)).root.inside(override: text)
    } catch {
      throw ScheduleProblem(error.position.inside(override: text), error.fault)
    }
    self.text = text
    self.steps = steps
  }

  /// Keys with dots between, each with any number of indices in brackets.
  private static func steps(_ path: Substring) -> [Step]? {
    var steps: [Step] = []
    for part in path.split(separator: ".", omittingEmptySubsequences: false) {
      let pieces = part.split(separator: "[", omittingEmptySubsequences: false)
      guard let key = pieces.first, !key.isEmpty else { return nil }
      steps.append(.key(String(key)))
      for piece in pieces.dropFirst() {
        let digits = piece.dropLast()
        guard piece.last == "]", NumberSyntax(String(digits)) == .integer, let index = Int(digits),
          index >= 0
        else { return nil }
        steps.append(.index(index))
      }
    }
    return steps.count <= ScheduleDocument.maximumDepth ? steps : nil
  }

  /// `root` with the value in place; keys on the way are added where they are missing.
  ///
  /// - Throws: `ScheduleProblem` where the path leads through what is no mapping, or to an element
  ///   that a list does not have.
  func applied(to root: YAMLNode) throws(ScheduleProblem) -> YAMLNode {
    try replacing(steps[...], in: root)
  }

  private func replacing(
    _ steps: ArraySlice<Step>, in node: YAMLNode
  ) throws(ScheduleProblem) -> YAMLNode {
    guard let step = steps.first else { return value }
    let rest = steps.dropFirst()
    switch (step, node.content) {
    case (.key(let key), .mapping(var entries)):
      let position = SourcePosition.start.inside(override: text)
      if let place = entries.firstIndex(where: { $0.key == key }) {
        entries[place] = YAMLNode.Entry(
          key: key, keyPosition: entries[place].keyPosition,
          value: try replacing(rest, in: entries[place].value))
      } else {
        let empty = YAMLNode(position: position, content: .mapping([]))
        entries.append(
          YAMLNode.Entry(
            key: key, keyPosition: position, value: try replacing(rest, in: empty)))
      }
      return YAMLNode(position: node.position, content: .mapping(entries))
    case (.index(let index), .list(var items)) where index < items.count:
      items[index] = try replacing(rest, in: items[index])
      return YAMLNode(position: node.position, content: .list(items))
    default:
      throw ScheduleProblem(
        SourcePosition.start.inside(override: text), .value(.unreachableOverride))
    }
  }
}
