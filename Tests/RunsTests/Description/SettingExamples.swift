import Schedules
import Storage

extension JSONValue {
  /// The value as YAML, texts without quotes where they need none.
  var yaml: String {
    switch self {
    case .string(let text)
    where text.utf8.allSatisfy { $0 < 0x80 }
      && text.allSatisfy { $0.isLetter || $0.isNumber || "_.-".contains($0) }:
      text
    case .array(let items): "[" + items.map(\.yaml).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { "\"\($0.name)\": \($0.value.yaml)" }.joined(separator: ", ") + "}"
    case .null, .bool, .integer, .number, .string: canonical
    }
  }
}

/// Values that a description admits.
extension Setting {
  /// A few that may stand here, the plainest first.
  var values: [JSONValue] { examples.isEmpty ? shape.values : examples }
}

extension BlockDescription {
  /// The least that can stand: what is required, or usual, by its plainest value.
  var least: JSONObject {
    let firsts = exactlyOne.compactMap(\.first)
    var result = JSONObject()
    for setting in settings where setting.isWanted || firsts.contains(setting.key) {
      result[setting.key] = setting.values.first
    }
    return result
  }
}

extension Setting {
  fileprivate var isWanted: Bool {
    switch absence {
    case .required, .usual: true
    case .standard, .words: false
    }
  }
}

extension Shape {
  fileprivate var values: [JSONValue] {
    switch self {
    case .boolean: [true, false]
    case .sparsity: [0.5, 0.75]
    case .duration: ["30s", "2m"]
    case .path: ["a.csv", "b.csv"]
    case .integer(let range):
      Set([range.lowerBound, min(range.lowerBound + 1, range.upperBound)]).sorted()
        .map { JSONValue($0) }
    case .number: [0.5, 0.25]
    case .text: ["a", "b"]
    case .words(let words): words.map { .string($0) }
    case .list(let element, let counts):
      (counts.contains(1) ? element.values.map { [$0] } : [])
        + (counts.contains(2) && element.values.count > 1
          ? [JSONValue(element.values.prefix(2))] : [])
    case .block(let block): [.object(block.least)]
    case .choice(let words):
      words.flatMap { word in
        word.values.map { settings in
          !word.isRequired && settings == [:] ? .string(word.key) : [word.key: settings]
        }
      }
    case .named(_, let shape): shape.values.map { ["a": $0] }
    case .either(let shapes): shapes.flatMap(\.values)
    }
  }
}
