import Storage

/// What can be wrong with the keys of a mapping.
package enum KeyFault: Sendable, Equatable {
  case unknown(String, nearest: String?, allowed: [String])
  /// The key is one of a mapping inside this one, under these keys.
  case misplaced(String, under: [String])
  case missing(String)
  /// Several of the keys are there, or none.
  case notExactlyOne(of: [String], found: [String])
  /// Something elsewhere excludes this key.
  case conflict(with: String)
  /// The key is one of documents of a kind, and this one does not say that it is of it.
  case ofKind(String, kind: String)

  /// The key `name`, which is none of `allowed`.
  package static func unknown(_ name: String, among allowed: [String]) -> KeyFault {
    let other = OtherWords.key(for: name, among: allowed)
    return .unknown(
      name, nearest: other ?? nearestWord(to: name, among: allowed), allowed: allowed)
  }
}

extension KeyFault: CustomStringConvertible {
  /// What is wrong and what is allowed.
  package var description: String {
    switch self {
    case .unknown(let key, let nearest, let allowed):
      "unknown key \(quoted(key))"
        + (allowed.isEmpty ? "; there are no keys here" : choices(allowed, nearest: nearest))
    case .misplaced(let key, let outer):
      "the key \(quoted(key)) does not stand here but under \(quoted(outer.joined(separator: "."))); write "
        + outer.reversed().reduce("\(shortened(key)): …") { "\($1): {\($0)}" }
    case .missing(let key): "the key \(quoted(key)) is missing"
    case .notExactlyOne(let keys, let found):
      found.isEmpty
        ? "one of these keys is missing: \(listed(keys))"
        : "only one of these keys can be there: \(listed(found))"
    case .conflict(let other): "this does not go together with \(other); remove one of them"
    case .ofKind(let key, let kind):
      "\(quoted(key)) is a key of studies of another kind, which say so; add the line kind: \(kind)"
    }
  }
}
