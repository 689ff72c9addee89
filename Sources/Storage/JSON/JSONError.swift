/// What can be wrong with a JSON document.
package enum JSONError: Error, Equatable, Sendable {
  /// The text stops being JSON at byte `offset`; `expected` says what would have gone on.
  case syntax(offset: Int, expected: String)
  /// An object gives `name` twice; the object ends at byte `offset`.
  case repeatedName(String, offset: Int)
  /// Arrays and objects nest deeper than allowed.
  case tooDeep(limit: Int)
  /// There are more values than allowed.
  case tooManyValues(limit: Int)
  /// A member that has to be there is not; `path` leads to it.
  case missing(path: String)
  /// A member is of another kind than it has to be.
  case wrongKind(path: String, expected: String, found: String)

  /// The same problem, seen from the object that holds it under `name`.
  package func inside(_ name: String) -> JSONError {
    switch self {
    case .missing(let path):
      .missing(path: "\(name).\(path)")
    case .wrongKind(let path, let expected, let found):
      .wrongKind(path: "\(name).\(path)", expected: expected, found: found)
    case .syntax, .repeatedName, .tooDeep, .tooManyValues:
      self
    }
  }
}

extension JSONError: CustomStringConvertible {
  /// What is wrong and where, as a clause.
  package var description: String {
    switch self {
    case .syntax(let offset, let expected):
      "the JSON is broken at byte \(offset): expected \(expected)"
    case .repeatedName(let name, let offset):
      "the JSON object that ends at byte \(offset) gives \"\(name)\" twice"
    case .tooDeep(let limit):
      "the JSON nests deeper than the \(limit) levels allowed"
    case .tooManyValues(let limit):
      "the JSON has more than the \(limit) values allowed"
    case .missing(let path):
      "\"\(path)\" is missing"
    case .wrongKind(let path, let expected, let found):
      "\"\(path)\" has to be \(expected) and is \(found)"
    }
  }
}
