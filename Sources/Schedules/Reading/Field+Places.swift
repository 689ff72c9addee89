/// Places in a document that has been read, for what only data or networks show to be wrong.
extension Field {
  /// The whole of `document`, of which everything has been read before.
  package init(placesIn document: ScheduleDocument) { self.init(placesIn: document.root) }

  /// The whole of a document that `root` is of, likewise.
  package init(placesIn root: YAMLNode) {
    self.init(
      node: root, path: "",
      context: DecodingContext(environment: { _ in nil }, folder: ""))
  }

  /// Where the value of `key` stands; where it would stand, if it is not written.
  package func place(of key: String) -> Field {
    member(key) ?? Field(node: node, path: pathOfMember(key), context: context)
  }

  /// An element of the list that this is; the whole of what has no such element.
  package func element(_ position: Int) -> Field {
    guard case .list(let items) = node.content, items.indices.contains(position) else {
      return self
    }
    return Field(node: items[position], path: "\(path)[\(position)]", context: context)
  }

  /// The error that what stands here cannot be.
  ///
  /// - Parameters:
  ///   - reason: what is wrong and what to do.
  ///   - file: the document's.
  package func impossible(_ reason: String, in file: String) -> ScheduleError {
    .invalid(
      file: file,
      problems: [ScheduleProblem(node.position, path: path, .relation(.impossible(reason)))])
  }
}
