import Storage
import Testing

@Suite("Reading JSON")
struct JSONParserTests {
  @Test(
    "Every kind of value is read as what it is",
    arguments: [
      ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)),
      ("0", .integer(0)), ("-12", .integer(-12)),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .number(9_223_372_036_854_775_808)),
      ("1.0", .number(1)), ("1e2", .number(100)), ("1E-2", .number(0.01)), ("-0", .number(-0.0)),
      ("0.1e+1", .number(1)), ("\"\"", .string("")), ("[]", .array([])), ("{}", [:]),
      ("[1, [2], {}]", [1, [2], [:]]), ("{\"b\": 1, \"a\": [null]}", ["a": [.null], "b": 1]),
      (#""\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\ude00é""#, "\"\\/\u{8}\u{c}\n\r\tA\u{e9}\u{1f600}é"),
      ("\"\u{7f}\"", "\u{7f}"), ("\"\\u0000\"", "\u{0}"),
    ] as [(String, JSONValue)])
  func values(text: String, expected: JSONValue) throws {
    #expect(try JSONValue(parsing: text) == expected)
  }

  @Test("Minus zero keeps its sign")
  func minusZero() throws {
    let value = try #require(JSONValue(parsing: "-0").doubleValue)
    #expect(value.sign == .minus)
  }

  @Test(
    "What is no JSON is refused where it stops being it",
    arguments: [
      ("", 0), (" ", 1), ("nul", 3), ("tru", 3), ("+1", 0), ("01", 1), ("-", 1), ("1.", 2),
      (".5", 0),
      ("1e", 2), ("1e+", 3), ("NaN", 0), ("Infinity", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1),
      ("{", 1), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{a:1}", 1), ("{\"a\":1,}", 7), ("1 2", 2),
      ("\"", 1), ("\"a", 2), ("\"\\x\"", 2), ("\"\\u12g4\"", 5), ("\"\\ud800\"", 7),
      ("\"\\ud800\\u0041\"", 12), ("\"\\udc00\"", 7), ("\"\n\"", 1), ("[1]]", 3), ("'a'", 0),
      ("\u{feff}1", 0), ("// x", 0),
    ])
  func broken(text: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
    guard case .syntax(let found, _) = error else {
      Issue.record("\(text) gave \(String(describing: error))")
      return
    }
    #expect(found == offset, "\(text)")
  }

  @Test("A number beyond Double is refused, one below its smallest is 0")
  func extremeNumbers() throws {
    #expect(throws: JSONError.self) { try JSONValue(parsing: "1e999") }
    #expect(try JSONValue(parsing: "1e-999") == .number(0))
  }

  @Test(
    "Bytes that are not UTF-8 are refused", arguments: [[0x80], [0xc0, 0x80], [0xed, 0xa0, 0x80]])
  func invalidEncoding(bytes: [UInt8]) {
    let quoted = [0x22] + bytes + [0x22]
    #expect(throws: JSONError.syntax(offset: 1, expected: "valid UTF-8")) {
      try JSONValue(parsing: quoted)
    }
  }

  @Test("A name given twice is refused, also when it is spelt differently")
  func repeatedName() {
    #expect(throws: JSONError.repeatedName("a", offset: 13)) {
      try JSONValue(parsing: #"{"a":1,"a":2}  "#)
    }
    #expect(throws: JSONError.repeatedName("a", offset: 18)) {
      try JSONValue(parsing: #"{"a":1,"\u0061":2}"#)
    }
  }

  @Test("Names that Unicode calls equivalent are two names")
  func equivalentNames() throws {
    let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}")
    #expect(value["\u{e9}"] == 1)
    #expect(value["e\u{301}"] == 2)
  }

  @Test("Nesting is bounded")
  func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    _ = try JSONValue(parsing: nested(64))
    #expect(throws: JSONError.tooDeep(limit: 64)) { try JSONValue(parsing: nested(65)) }
    #expect(throws: JSONError.tooDeep(limit: 64)) {
      try JSONValue(parsing: String(repeating: "{\"a\":", count: 100_000))
    }
  }

  @Test("The number of values is bounded")
  func count() throws {
    let limits = JSONValue.Limits(values: 3)
    _ = try JSONValue(parsing: "[1,2]", limits: limits)
    #expect(throws: JSONError.tooManyValues(limit: 3)) {
      try JSONValue(parsing: "[1,2,3]", limits: limits)
    }
  }

  @Test("A text cut anywhere is refused, never read as something else")
  func truncation() {
    let text = #"{"a":[1.5e-3,"\u00e9\n",true,null],"b":{"c":-12}}"#
    for length in 0..<text.utf8.count {
      #expect(throws: JSONError.self) { try JSONValue(parsing: Array(text.utf8.prefix(length))) }
    }
  }
}
