/// The values of a mapping by their keys, all of which are known ones.
struct KeyedFields {
  /// The mapping itself.
  let field: Field
  private let entries: [String: YAMLNode.Entry]

  /// Reports keys that are not `allowed`; nil where there is no mapping.
  init?(_ field: Field, allowed: [String]) {
    guard case .mapping(let entries) = field.node.content else {
      field.reportKind(expected: "a mapping with keys of: \(listed(allowed))")
      return nil
    }
    var known: [String: YAMLNode.Entry] = [:]
    for entry in entries {
      if allowed.contains(entry.key) {
        known[entry.key] = entry
      } else {
        field.context.report(
          .key(.unknown(entry.key, among: allowed)), at: entry.keyPosition,
          path: Self.path(field, entry.key))
      }
    }
    self.field = field
    self.entries = known
  }

  /// The value under `key`, if it is there.
  subscript(_ key: String) -> Field? {
    entries[key].map {
      Field(node: $0.value, path: Self.path(field, key), context: field.context)
    }
  }

  /// The value under `key`, which has to be there.
  func required(_ key: String) -> Field? {
    guard let value = self[key] else {
      field.report(KeyFault.missing(key))
      return nil
    }
    return value
  }

  /// The one of `keys` that is there, which has to be exactly one.
  func exactlyOne(of keys: [String]) -> (key: String, value: Field)? {
    let found = keys.filter { entries[$0] != nil }
    guard found.count == 1, let value = self[found[0]] else {
      field.report(KeyFault.notExactlyOne(of: keys, found: found))
      return nil
    }
    return (found[0], value)
  }

  /// The key path of `key` in `field`.
  private static func path(_ field: Field, _ key: String) -> String {
    let name = shortened(key)
    return field.path.isEmpty ? name : "\(field.path).\(name)"
  }
}
