extension JSONValue {
  /// The member `name` of an object; nil where there is none, or no object. Setting it in anything
  /// but an object is a programmer's error; nil removes the member.
  package subscript(name: String) -> JSONValue? {
    get { objectValue?[name] }
    set {
      guard case .object(var object) = self else {
        preconditionFailure("only objects have members")
      }
      self = .null
      object[name] = newValue
      self = .object(object)
    }
  }

  /// Element `index` of an array; nil where there is none, or no array.
  package subscript(index: Int) -> JSONValue? {
    guard let elements = arrayValue, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// Whether this is null.
  package var isNull: Bool { self == .null }

  /// The truth value, or nil for another kind.
  package var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The integer, or nil for another kind, a number without fraction included.
  package var intValue: Int? {
    if case .integer(let value) = self { Int(exactly: value) } else { nil }
  }

  /// The number, integers included, or nil for another kind.
  package var doubleValue: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    case .null, .bool, .string, .array, .object: nil
    }
  }

  /// The string, or nil for another kind.
  package var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements, or nil for another kind.
  package var arrayValue: [JSONValue]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members, or nil for another kind.
  package var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }
}

/// Members that have to be there.
extension JSONValue {
  /// The value of member `name`, which may be null.
  /// - Throws: `JSONError.missing`, or `wrongKind` where this is no object.
  package func value(at name: String) throws(JSONError) -> JSONValue {
    guard let object = objectValue else {
      throw .wrongKind(path: name, expected: "inside an object", found: "inside \(kind)")
    }
    guard let value = object[name] else { throw .missing(path: name) }
    return value
  }

  /// The truth value of member `name`.
  package func bool(at name: String) throws(JSONError) -> Bool {
    try read(name, "a truth value", \.boolValue)
  }

  /// The integer of member `name`.
  package func integer(at name: String) throws(JSONError) -> Int {
    try read(name, "an integer", \.intValue)
  }

  /// The number of member `name`, integers included.
  package func number(at name: String) throws(JSONError) -> Double {
    try read(name, "a number", \.doubleValue)
  }

  /// The string of member `name`.
  package func string(at name: String) throws(JSONError) -> String {
    try read(name, "a string", \.stringValue)
  }

  /// The elements of member `name`.
  package func array(at name: String) throws(JSONError) -> [JSONValue] {
    try read(name, "an array", \.arrayValue)
  }

  /// Member `name`, which is an object.
  package func object(at name: String) throws(JSONError) -> JSONObject {
    try read(name, "an object", \.objectValue)
  }

  private func read<Value>(
    _ name: String, _ expected: String, _ convert: (JSONValue) -> Value?
  ) throws(JSONError) -> Value {
    let value = try value(at: name)
    guard let result = convert(value) else {
      throw .wrongKind(path: name, expected: expected, found: value.kind)
    }
    return result
  }
}
