/// A JSON document: what manifests, events, stage keys, checkpoint headers and `--json` output are
/// made of.
///
/// Integers stay integers, members are sorted by the bytes of their names, so that equal values have
/// one canonical form (`canonical`), whatever order they were built in.
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number written without fraction and exponent.
  case integer(Int64)
  /// Any other number. JSON has no infinities and no NaN: they are written as `null`, and
  /// `init(_:)` makes `null` of them at once.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// An integer, or null for nil.
  package init(_ value: Int?) {
    self = value.map { .integer(Int64($0)) } ?? .null
  }

  /// A number, or null for nil, an infinity and NaN.
  package init(_ value: Double?) {
    self = value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// A string, or null for nil.
  package init(_ value: String?) {
    self = value.map { .string($0) } ?? .null
  }

  /// A truth value, or null for nil.
  package init(_ value: Bool?) {
    self = value.map { .bool($0) } ?? .null
  }

  /// An array of `elements`, in their order.
  package init(_ elements: some Sequence<JSONValue>) {
    self = .array(Array(elements))
  }

  /// What kind of value this is, as a noun for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer: "an integer"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// Not by `nil`: that would make `condition ? value : nil` a null where an absent value is meant.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .integer(value) }
  package init(floatLiteral value: Double) { self.init(value) }
  package init(stringLiteral value: String) { self = .string(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// An object; a name given twice is a programmer's error.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    guard let object = JSONObject(elements) else { preconditionFailure("a name is given twice") }
    self = .object(object)
  }
}
