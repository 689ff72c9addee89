extension JSONValue {
  /// Bounds on what a document may make the parser allocate.
  package struct Limits: Sendable {
    /// Arrays and objects inside one another.
    package var depth: Int
    /// Values of any kind. Each takes about 50 bytes, and its text.
    package var values: Int

    package init(depth: Int = 64, values: Int = 2_000_000) {
      self.depth = depth
      self.values = values
    }
  }

  /// Reads one document as RFC 8259 defines it, and stricter where that is vague: valid UTF-8, no
  /// name twice in an object, no lone surrogates, no numbers beyond Double.
  ///
  /// A number without fraction and exponent that fits Int64 is an `integer`, every other one the
  /// nearest Double.
  /// - Throws: `JSONError`.
  package init(parsing bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) {
    var parser = JSONParser(bytes: bytes, limits: limits)
    self = try parser.document()
  }

  /// Reads one document from a string.
  /// - Throws: `JSONError`.
  package init(parsing text: String, limits: Limits = Limits()) throws(JSONError) {
    try self.init(parsing: Array(text.utf8), limits: limits)
  }
}

/// Recursive descent over bytes, bounded by `limits`.
private struct JSONParser {
  let bytes: [UInt8]
  let limits: JSONValue.Limits
  var position = 0
  var depth = 0
  var values = 0

  init(bytes: [UInt8], limits: JSONValue.Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func document() throws(JSONError) -> JSONValue {
    let result = try value()
    guard position == bytes.count else { throw broken("the end of the document") }
    return result
  }

  /// One value with the white space around it.
  private mutating func value() throws(JSONError) -> JSONValue {
    values += 1
    guard values <= limits.values else { throw .tooManyValues(limit: limits.values) }
    skipSpace()
    let result: JSONValue
    switch peek {
    case UInt8(ascii: "{"): result = try nested { parser throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): result = try nested { parser throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): result = .string(try string())
    case UInt8(ascii: "t"): result = try word("true", .bool(true))
    case UInt8(ascii: "f"): result = try word("false", .bool(false))
    case UInt8(ascii: "n"): result = try word("null", .null)
    case UInt8(ascii: "-"): result = try number()
    case let byte where isDigit(byte): result = try number()
    default: throw broken("a value")
    }
    skipSpace()
    return result
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> JSONValue
  ) throws(JSONError) -> JSONValue {
    depth += 1
    guard depth <= limits.depth else { throw .tooDeep(limit: limits.depth) }
    position += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    var elements: [JSONValue] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value())
    } while take(",")
    guard take("]") else { throw broken("',' or ']'") }
    return .array(elements)
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    var members: [JSONObject.Member] = []
    skipSpace()
    if take("}") { return .object(JSONObject()) }
    repeat {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else { throw broken("a name in quotes") }
      let name = try string()
      skipSpace()
      guard take(":") else { throw broken("':'") }
      members.append(JSONObject.Member(name: name, value: try value()))
    } while take(",")
    guard take("}") else { throw broken("',' or '}'") }
    switch JSONObject.sorting(members) {
    case .success(let object): return .object(object)
    case .failure(let repeated): throw .repeatedName(repeated.name, offset: position)
    }
  }

  private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONError)
    -> JSONValue
  {
    for byte in UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount) {
      guard peek == byte else { throw broken("'\(text)'") }
      position += 1
    }
    return value
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = position
    let negative = take("-")
    if take("0") {
      if isDigit(peek) { throw broken("no digit after a leading 0") }
    } else {
      try digits()
    }
    var isInteger = true
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    // -0 is no integer: it would come back as 0.
    if isInteger, !(negative && text == "-0"), let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw .syntax(offset: start, expected: "a number that a Double can hold")
    }
    return .number(value)
  }

  private mutating func digits() throws(JSONError) {
    guard isDigit(peek) else { throw broken("a digit") }
    while isDigit(peek) { position += 1 }
  }

  private mutating func string() throws(JSONError) -> String {
    position += 1
    let start = position
    // Most strings have no escapes and are taken as they stand.
    position = bytes.withUnsafeBufferPointer { bytes in
      var end = start
      while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x22, bytes[end] != 0x5c {
        end += 1
      }
      return end
    }
    var text: [UInt8] = []
    if peek != UInt8(ascii: "\"") {
      text.append(contentsOf: bytes[start..<position])
      try escapedRest(into: &text)
    }
    let plain = text.isEmpty ? bytes[start..<position] : text[...]
    position += 1
    guard let result = String(validating: plain, as: UTF8.self) else {
      throw .syntax(offset: start, expected: "valid UTF-8")
    }
    return result
  }

  /// Appends the rest of a string from its first escape; ends before the closing quote.
  private mutating func escapedRest(into text: inout [UInt8]) throws(JSONError) {
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw broken("no bare control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        text.append(contentsOf: Array(String(try escape()).utf8))
      } else {
        text.append(byte)
      }
    }
    guard peek != nil else { throw broken("the closing quote of a string") }
  }

  /// What follows a backslash.
  private mutating func escape() throws(JSONError) -> Character {
    defer { position += 1 }
    switch peek {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try codePoint())
    default: throw broken("an escape")
    }
  }

  /// `uXXXX`, or two of them that make a surrogate pair; ends on the last digit.
  private mutating func codePoint() throws(JSONError) -> Unicode.Scalar {
    let first = try hexadecimal()
    guard (0xd800..<0xe000).contains(first) else { return Unicode.Scalar(first)! }
    position += 1
    guard first < 0xdc00, take("\\"), peek == UInt8(ascii: "u") else {
      throw broken("the second half of a surrogate pair")
    }
    let second = try hexadecimal()
    guard (0xdc00..<0xe000).contains(second) else {
      throw broken("the second half of a surrogate pair")
    }
    return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))!
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      position += 1
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw broken("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func isDigit(_ byte: UInt8?) -> Bool {
    byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 {
      position += 1
    }
  }

  private func broken(_ expected: String) -> JSONError {
    .syntax(offset: position, expected: expected)
  }
}
