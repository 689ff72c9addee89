import Storage
import Testing

@Suite("Taking JSON apart")
struct JSONAccessTests {
  let value: JSONValue = [
    "name": "digits", "rounds": 12, "to": 0.98, "keep": true, "best": .null, "hidden": [300, 100],
    "data": ["csv": "digits.csv"],
  ]

  @Test("Members and elements are reached by subscripts, nil where there are none")
  func subscripts() {
    #expect(value["data"]?["csv"] == "digits.csv")
    #expect(value["hidden"]?[1] == 100)
    #expect(value["hidden"]?[2] == nil)
    #expect(value["hidden"]?[-1] == nil)
    #expect(value["name"]?["x"] == nil)
    #expect(value["nothing"] == nil)
    #expect(value["best"] == .null)
  }

  @Test("A value is taken as its own kind only; an integer is a number too")
  func kinds() {
    #expect(value["rounds"]?.intValue == 12)
    #expect(value["rounds"]?.doubleValue == 12)
    #expect(value["to"]?.intValue == nil)
    #expect(value["to"]?.doubleValue == 0.98)
    #expect(value["keep"]?.boolValue == true)
    #expect(value["keep"]?.intValue == nil)
    #expect(value["name"]?.stringValue == "digits")
    #expect(value["name"]?.doubleValue == nil)
    #expect(value["hidden"]?.arrayValue == [300, 100])
    #expect(value["hidden"]?.objectValue == nil)
    #expect(value["best"]?.isNull == true)
  }

  @Test("A member can be set, changed and removed, and stays in order")
  func changes() {
    var object: JSONValue = ["b": 1]
    object["a"] = 2
    object["c"] = ["d": 3]
    object["b"] = nil
    object["c"] = 4
    #expect(object.canonical == #"{"a":2,"c":4}"#)
    object["missing"] = nil
    #expect(object.objectValue?.count == 2)
  }

  @Test("What has to be there and is not is named")
  func throwingAccess() throws {
    #expect(try value.string(at: "name") == "digits")
    #expect(try value.integer(at: "rounds") == 12)
    #expect(try value.number(at: "rounds") == 12)
    #expect(try value.bool(at: "keep"))
    #expect(try value.array(at: "hidden").count == 2)
    #expect(try value.object(at: "data")["csv"] == "digits.csv")
    #expect(try value.value(at: "best").isNull)
    #expect(throws: JSONError.missing(path: "epochs")) { try value.integer(at: "epochs") }
    #expect(throws: JSONError.wrongKind(path: "to", expected: "an integer", found: "a number")) {
      try value.integer(at: "to")
    }
    #expect(throws: JSONError.self) { try JSONValue.null.string(at: "name") }
  }

  @Test("Absent values become null")
  func optionals() {
    #expect(JSONValue(nil as Int?) == .null)
    #expect(JSONValue(nil as Double?) == .null)
    #expect(JSONValue(nil as String?) == .null)
    #expect(JSONValue(nil as Bool?) == .null)
    #expect(JSONValue(3 as Int?) == 3)
    #expect(JSONValue([1, 2].map { JSONValue($0) }) == [1, 2])
  }

  @Test("An object of pairs refuses a name given twice")
  func pairs() {
    #expect(JSONObject([("a", 1), ("b", 2)])?.names == ["a", "b"])
    #expect(JSONObject([("a", 1), ("a", 2)]) == nil)
  }

  @Test(
    "Messages say what is wrong and where",
    arguments: [
      (JSONError.missing(path: "epoch").inside("progress"), "\"progress.epoch\" is missing"),
      (
        .wrongKind(path: "a", expected: "an integer", found: "null"),
        "\"a\" has to be an integer and is null"
      ),
      (.syntax(offset: 3, expected: "':'"), "the JSON is broken at byte 3: expected ':'"),
      (.tooDeep(limit: 64), "the JSON nests deeper than the 64 levels allowed"),
      (.tooManyValues(limit: 5), "the JSON has more than the 5 values allowed"),
      (.repeatedName("a", offset: 9), "the JSON object that ends at byte 9 gives \"a\" twice"),
    ])
  func wording(error: JSONError, expected: String) {
    #expect(error.description == expected)
  }
}
