import Storage

extension YAMLNode {
  /// What is written, for comparing it with what was: texts without quotes as the numbers and truth values that they
  /// are in JSON, all others as texts.
  package var json: JSONValue {
    switch content {
    case .scalar(let text, let isPlain):
      let value = isPlain ? try? JSONValue(parsing: Array(text.utf8)) : nil
      return value ?? .string(text)
    case .list(let items): return JSONValue(items.map(\.json))
    case .mapping(let entries):
      return .object(JSONObject(entries.map { ($0.key, $0.value.json) }) ?? [:])
    }
  }
}
