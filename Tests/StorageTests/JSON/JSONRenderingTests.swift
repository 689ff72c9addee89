import Storage
import Testing

@Suite("Writing JSON")
struct JSONRenderingTests {
  @Test(
    "The canonical form is fixed",
    arguments: [
      (.null, "null"), (true, "true"), (-7, "-7"), (1.0, "1.0"), (0.1, "0.1"), (1e-5, "1e-05"),
      (1e300, "1e+300"), (.number(-0.0), "-0.0"), (.number(.leastNonzeroMagnitude), "5e-324"),
      ("é", "\"é\""),
      ("\"\\/\n\u{1}\u{1f}\u{7f}", #""\"\\/\n\u0001\u001f"# + "\u{7f}\""),
      ([], "[]"), ([:], "{}"), ([1, "a", [.null]], "[1,\"a\",[null]]"),
      (["b": 1, "a": ["d": 2, "c": 3], "B": 0], #"{"B":0,"a":{"c":3,"d":2},"b":1}"#),
    ] as [(JSONValue, String)])
  func canonical(value: JSONValue, expected: String) {
    #expect(value.canonical == expected)
  }

  @Test("Members are sorted by the bytes of their names, not by letters")
  func order() {
    // U+E000 comes after U+10000 in UTF-16, and before it in UTF-8.
    let value: JSONValue = ["\u{10000}": 1, "\u{e000}": 2, "a": 3, "Z": 4, "": 5]
    #expect(value.objectValue?.names == ["", "Z", "a", "\u{e000}", "\u{10000}"])
  }

  @Test(
    "What JSON cannot hold is written as null",
    arguments: [Double.nan, .infinity, -.infinity])
  func nonFinite(value: Double) {
    #expect(JSONValue(value) == .null)
    #expect(JSONValue.array([.number(value)]).canonical == "[null]")
  }

  @Test("Numbers read back as the same bits, kinds as the same kinds")
  func roundTrip() throws {
    var bits: UInt64 = 1
    for _ in 0..<2_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = Double(bitPattern: bits)
      guard number.isFinite else { continue }
      let read = try JSONValue(parsing: JSONValue.number(number).canonical)
      guard case .number(let value) = read else {
        Issue.record("\(number) came back as \(read.kind)")
        continue
      }
      #expect(value.bitPattern == number.bitPattern)
    }
    for value in [Int64.min, -1, 0, 1, .max] {
      #expect(try JSONValue(parsing: JSONValue.integer(value).canonical) == .integer(value))
    }
    let controls = JSONValue.string(String((0..<300).map { Character(Unicode.Scalar($0)!) }))
    #expect(try JSONValue(parsing: controls.canonical) == controls)
  }

  @Test("The readable form has a member a line and means the same")
  func readable() throws {
    let value: JSONValue = [
      "stages": [["name": "train", "sparsity": .null], [:]], "hidden": [300, 100], "empty": [],
    ]
    let expected = """
      {
        "empty": [],
        "hidden": [300, 100],
        "stages": [
          {
            "name": "train",
            "sparsity": null
          },
          {}
        ]
      }
      """
    #expect(value.readable == expected)
    #expect(try JSONValue(parsing: value.readable) == value)
  }
}
