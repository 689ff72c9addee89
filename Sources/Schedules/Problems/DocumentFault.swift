/// Why a text is no YAML document that a schedule can be.
package enum DocumentFault: Sendable, Equatable {
  /// More than `limit` bytes.
  case tooLarge(limit: Int)
  case notUTF8
  /// A character that YAML does not allow, or one of the private use area.
  case forbiddenCharacter(UInt32)
  case empty
  /// What libyaml says of the place where it stopped.
  case syntax(String)
  case secondDocument
  case tooDeep(limit: Int)
  case tooManyNodes(limit: Int)
  case tag(String)
  case mergeKey
  case complexKey
  case repeatedKey(String)
  case unknownAnchor(String)
  case unquotedStar(String)
}

extension DocumentFault: CustomStringConvertible {
  /// What is wrong and what is allowed.
  package var description: String {
    switch self {
    case .tooLarge(let limit): "the file is larger than the \(limit) bytes that a schedule may have"
    case .notUTF8: "the text is not UTF-8; save the file as UTF-8"
    case .forbiddenCharacter(let value):
      "the character U+\(hexadecimal(value)) is not allowed in a schedule; remove it"
    case .empty: "the file holds no schedule; begin with the line version: 1"
    case .syntax(let reason): "this is not YAML: \(reason)"
    case .secondDocument: "a second document begins here; a schedule is a single one"
    case .tooDeep(let limit): "the nesting is deeper than the \(limit) levels allowed"
    case .tooManyNodes(let limit):
      "there are more than the \(limit) values allowed, counting those that aliases stand for"
    case .tag(let tag): "the tag \(shortened(tag)) is not used in schedules; remove it"
    case .mergeKey:
      "merging with << is not allowed; write the keys out, or use an alias for a whole value"
    case .complexKey: "a key is a plain word here, not a list or a mapping"
    case .repeatedKey(let key): "the key \(quoted(key)) is there more than once; keep one"
    case .unknownAnchor(let name):
      "no anchor &\(shortened(name)) is complete before this alias; move it up, or put quotes "
        + "around a text that begins with *"
    case .unquotedStar(let text):
      "a text that begins with * needs quotes; write \(quoted(text))"
    }
  }

  private func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
