/// A schedule that begins with a network of its own, whatever it says itself.
extension YAMLNode {
  /// The schedule with `start: path` as its model, of which only `dropout` stays, and without the scales of
  /// the data, which the network brings with it.
  func beginning(with path: String) -> YAMLNode {
    guard case .mapping(let entries) = content else { return self }
    return YAMLNode(
      position: position,
      content: .mapping(
        entries.map { entry in
          switch entry.key {
          case "model": entry.with(entry.value.starting(with: path))
          case "data": entry.with(entry.value.without(["scale", "scale_targets"]))
          default: entry
          }
        }))
  }

  private func starting(with path: String) -> YAMLNode {
    let text = YAMLNode(position: position, content: .scalar(path, isPlain: false))
    var entries = [Entry(key: "start", keyPosition: position, value: text)]
    // What the network does not bring with it.
    if case .mapping(let own) = content { entries += own.filter { $0.key == "dropout" } }
    return YAMLNode(position: position, content: .mapping(entries))
  }

  private func without(_ keys: [String]) -> YAMLNode {
    guard case .mapping(let entries) = content else { return self }
    return YAMLNode(
      position: position, content: .mapping(entries.filter { !keys.contains($0.key) }))
  }
}

extension YAMLNode.Entry {
  fileprivate func with(_ value: YAMLNode) -> YAMLNode.Entry {
    YAMLNode.Entry(key: key, keyPosition: keyPosition, value: value)
  }
}
