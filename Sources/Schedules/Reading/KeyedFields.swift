/// The values of a mapping by their keys, all of which are known ones.
package struct KeyedFields {
  /// The mapping itself.
  package let field: Field
  private let entries: [String: YAMLNode.Entry]
  /// Keys that unknown ones were probably meant to be; they are not missing besides.
  private let misspelt: Set<String>

  /// Reports keys that are not `allowed`; nil where there is no mapping.
  ///
  /// - Parameter block: what the keys are of, where a key may stand that belongs further inside; made
  ///   where there is such a key, or no mapping.
  package init?(
    _ field: Field, allowed: [String], of block: @autoclosure () -> BlockDescription? = nil
  ) {
    guard case .mapping(let entries) = field.node.content else {
      field.reportKind(
        expected: "a mapping with keys of: \(listed(allowed))",
        insteadOfNothing: block()?.demandsNoKey == true ? BlockDescription.emptyHint : nil)
      return nil
    }
    var known: [String: YAMLNode.Entry] = [:]
    var misspelt: Set<String> = []
    for entry in entries {
      if allowed.contains(entry.key) {
        known[entry.key] = entry
      } else {
        let outer = block()?.way(to: entry.key)
        let fault =
          outer.map { KeyFault.misplaced(entry.key, under: $0) }
          ?? .unknown(entry.key, among: allowed)
        if case .unknown(_, let nearest?, _) = fault { misspelt.insert(nearest) }
        if let first = outer?.first { misspelt.insert(first) }
        field.context.report(
          .key(fault), at: entry.keyPosition, path: field.pathOfMember(entry.key))
      }
    }
    self.field = field
    self.entries = known
    self.misspelt = misspelt
  }

  /// A mapping without keys, in place of what stands at `field`.
  package init(noneAt field: Field) {
    self.field = field
    entries = [:]
    misspelt = []
  }

  /// The value under `key`, if it is there.
  package subscript(_ key: String) -> Field? {
    entries[key].map {
      Field(node: $0.value, path: field.pathOfMember(key), context: field.context)
    }
  }

  /// Reports that `key` should be there.
  package func reportMissing(_ key: String) {
    if !misspelt.contains(key) { field.report(KeyFault.missing(key)) }
  }

  /// The one of `keys` that is there, which has to be exactly one.
  package func exactlyOne(of keys: [String]) -> (key: String, value: Field)? {
    let found = keys.filter { entries[$0] != nil }
    guard found.count == 1, let value = self[found[0]] else {
      if found.isEmpty, !misspelt.isDisjoint(with: keys) { return nil }
      field.report(KeyFault.notExactlyOne(of: keys, found: found))
      return nil
    }
    return (found[0], value)
  }
}
