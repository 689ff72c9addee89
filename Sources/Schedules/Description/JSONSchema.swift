import Storage

/// A JSON Schema (draft 07) of a block, for editors and for checks before a schedule comes to
/// `ecpipe`.
///
/// It is no stricter than decoding: what depends on other settings, on the data or on the environment
/// is left to that.
package struct JSONSchema {
  /// The schema.
  package let json: JSONValue

  package init(of root: BlockDescription, title: String) {
    var schema = Self.object(root)
    schema["$schema"] = "http://json-schema.org/draft-07/schema#"
    schema["title"] = .string(title)
    schema["definitions"] = .object(
      JSONObject(root.allBlocks.dropFirst().map { (Self.name(of: $0), .object(Self.object($0))) })
        ?? [:])
    json = .object(schema)
  }

  /// A schema of mappings of several kinds, which say by the word under `key` what they are.
  ///
  /// - Parameter kinds: the word of each, nil for that of a mapping without `key`; blocks of one name are the same
  ///   in all.
  package init(
    of kinds: [(word: String?, root: BlockDescription)], key: String, title: String
  ) {
    let words = kinds.compactMap(\.word)
    func says(_ words: [String]) -> JSONValue {
      ["required": [.string(key)], "properties": [key: ["enum": Self.texts(words)]]]
    }
    var definitions = JSONObject()
    for block in kinds.flatMap(\.root.allBlocks) where definitions[Self.name(of: block)] == nil {
      definitions[Self.name(of: block)] = .object(Self.object(block))
    }
    json = .object([
      "$schema": "http://json-schema.org/draft-07/schema#", "title": .string(title),
      "type": "object", "definitions": .object(definitions),
      "allOf": JSONValue(
        kinds.map { word, root in
          [
            "if": word.map { says([$0]) } ?? ["not": says(words)],
            "then": ["$ref": .string("#/definitions/\(Self.name(of: root))")],
          ]
        }),
    ])
  }

  private static func object(_ block: BlockDescription) -> JSONObject {
    var properties = JSONObject()
    for setting in block.settings { properties[setting.key] = .object(property(setting)) }
    let required = block.settings.filter(\.isRequired)
    var schema: JSONObject = [
      "type": "object", "description": .string(block.summary), "properties": .object(properties),
      "additionalProperties": false,
    ]
    if !required.isEmpty { schema["required"] = JSONValue(required.map { .string($0.key) }) }
    if !block.exactlyOne.isEmpty {
      schema["allOf"] = JSONValue(
        block.exactlyOne.map { keys in
          ["oneOf": JSONValue(keys.map { ["required": [.string($0)]] })]
        })
    }
    return schema
  }

  private static func property(_ setting: Setting) -> JSONObject {
    var schema = Self.schema(setting.shape)
    // What stands beside a reference is ignored.
    if schema["$ref"] != nil { schema = ["allOf": [.object(schema)]] }
    schema["description"] = .string(setting.summary + absence(of: setting))
    if case .standard(let value) = setting.absence, !value.isNull { schema["default"] = value }
    if !setting.examples.isEmpty { schema["examples"] = JSONValue(setting.examples) }
    return schema
  }

  /// What holds without the setting, where that is no value that `default` could say.
  private static func absence(of setting: Setting) -> String {
    switch setting.absence {
    case .required, .standard: ""
    case .words(let words), .usual(let words): " Without it: \(words)."
    }
  }

  private static func schema(_ shape: Shape) -> JSONObject {
    switch shape {
    case .boolean: return ["type": "boolean"]
    case .sparsity: return ["type": "number", "minimum": 0, "exclusiveMaximum": 1]
    case .duration: return ["type": "string", "pattern": "^[1-9][0-9]*[smh]$"]
    // A number is a text where a text is wanted.
    case .path, .text: return ["type": ["string", "number", "boolean"]]
    case .integer(let range):
      var schema: JSONObject = ["type": "integer", "minimum": JSONValue(range.lowerBound)]
      if range.upperBound < Int.max { schema["maximum"] = JSONValue(range.upperBound) }
      return schema
    case .number(let range): return range.schema
    case .words(let words): return any([["enum": texts(words)], variable])
    case .list(let element, let counts):
      var schema: JSONObject = [
        "type": "array", "items": .object(Self.schema(element)),
        "minItems": JSONValue(counts.lowerBound),
      ]
      if counts.upperBound < Int.max { schema["maxItems"] = JSONValue(counts.upperBound) }
      return schema
    case .block(let block): return ["$ref": .string("#/definitions/\(name(of: block))")]
    case .choice(let choices):
      let alone = choices.filter { !$0.isRequired }.map { choice -> JSONObject in
        ["const": .string(choice.key), "description": .string(choice.summary)]
      }
      let mappings = choices.map { choice -> JSONObject in
        [
          "type": "object", "description": .string(choice.summary),
          "required": [.string(choice.key)], "additionalProperties": false,
          "properties": .object([choice.key: .object(schema(choice.shape))]),
        ]
      }
      return any((alone.isEmpty ? [] : alone + [variable]) + mappings)
    case .named(_, let shape):
      return ["type": "object", "additionalProperties": .object(schema(shape))]
    case .either(let shapes): return any(shapes.map(schema))
    }
  }

  /// The name of a block in references, which have no blanks.
  private static func name(of block: BlockDescription) -> String {
    String(block.name.map { $0 == " " ? "-" : $0 })
  }

  /// A text with a variable of the environment, which can stand for any word.
  private static let variable: JSONObject = ["type": "string", "pattern": "\\$\\{"]

  private static func any(_ schemas: [JSONObject]) -> JSONObject {
    ["anyOf": JSONValue(schemas.map { .object($0) })]
  }

  private static func texts(_ words: [String]) -> JSONValue {
    JSONValue(words.map { .string($0) })
  }
}

extension NumberRange {
  /// The range as a schema of a number.
  fileprivate var schema: JSONObject {
    switch self {
    case .positive: ["type": "number", "exclusiveMinimum": 0]
    case .notNegative: ["type": "number", "minimum": 0]
    case .openUnit: ["type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1]
    case .belowOne: ["type": "number", "minimum": 0, "exclusiveMaximum": 1]
    case .aboveZeroToOne: ["type": "number", "exclusiveMinimum": 0, "maximum": 1]
    case .unit: ["type": "number", "minimum": 0, "maximum": 1]
    }
  }
}
