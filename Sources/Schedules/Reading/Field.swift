/// A value of the schedule with its key path, from which typed values are read.
///
/// A reader that finds something wrong reports it and returns nil, so that decoding goes on and
/// finds everything at once.
package struct Field {
  package let node: YAMLNode
  /// Such as `stages[2].alternate.rounds`.
  package let path: String
  package let context: DecodingContext

  package init(node: YAMLNode, path: String, context: DecodingContext) {
    self.node = node
    self.path = path
    self.context = context
  }

  package func report(_ fault: ValueFault) { report(.value(fault)) }
  package func report(_ fault: KeyFault) { report(.key(fault)) }
  package func report(_ fault: RelationFault) { report(.relation(fault)) }

  private func report(_ fault: ScheduleFault) {
    context.report(fault, at: node.position, path: path)
  }

  /// Reports that something else is wanted here.
  ///
  /// - Parameter hint: what to do where nothing stands here.
  package func reportKind(expected: String, insteadOfNothing hint: String? = nil) {
    let advice = node.isEmpty ? hint.map { "; \($0)" } ?? "" : ""
    report(.wrongKind(expected: expected, found: kind + advice))
  }

  /// The text of a scalar without quotes that is not empty.
  package var plainText: String? {
    guard case .scalar(let text, isPlain: true) = node.content, !node.isEmpty else { return nil }
    return text
  }

  /// The elements of a list.
  package func list(of what: String) -> [Field]? {
    guard case .list(let items) = node.content else {
      reportKind(expected: "a list of \(what)")
      return nil
    }
    return items.enumerated().map { index, item in
      Field(node: item, path: "\(path)[\(index)]", context: context)
    }
  }

  /// The value under `key`, where this is a mapping with such a key.
  package func member(_ key: String) -> Field? {
    guard case .mapping(let entries) = node.content,
      let entry = entries.first(where: { $0.key == key })
    else { return nil }
    return Field(node: entry.value, path: pathOfMember(key), context: context)
  }

  /// The key path of `key` in this mapping.
  package func pathOfMember(_ key: String) -> String {
    let name = shortened(key)
    return path.isEmpty ? name : "\(path).\(name)"
  }

  /// The keys of a mapping, which must be among `allowed`.
  package func keys(_ allowed: [String]) -> KeyedFields? {
    KeyedFields(self, allowed: allowed)
  }

  /// The keys of a mapping, which must be among those of `block` and `others`. Of a key that belongs to a
  /// mapping inside it, that is said.
  package func keys<Value>(of block: Block<Value>, and others: [String] = []) -> KeyedFields? {
    KeyedFields(self, allowed: others + block.keys, of: block.description)
  }

  /// The keys of a mapping, which must be among those of `block`, in the same way.
  package func keys(of block: BlockDescription) -> KeyedFields? {
    KeyedFields(self, allowed: block.keys, of: block)
  }

  /// What is here, as a noun for messages.
  private var kind: String {
    switch node.content {
    case _ where node.isEmpty: "nothing"
    case .scalar(let text, isPlain: true): "the text \(quoted(text))"
    case .scalar(let text, isPlain: false): "the text \(quoted(text)) in quotes"
    case .list: "a list"
    case .mapping: "a mapping"
    }
  }
}
