import Storage

/// Settings with the keys by which a schedule's author knows them, in place of the canonical ones: a canonical
/// form has one place for what a schedule may say in several ways.
package enum WrittenSettings {
  private static let parts = ["train", "validation", "test"]

  /// The canonical form `schedule` of a schedule, its data as they are written.
  package static func of(_ schedule: JSONValue) -> JSONValue {
    var result = schedule
    if let data = schedule["data"] { result["data"] = Self.data(data) }
    return result
  }

  private static func data(_ canonical: JSONValue) -> JSONValue {
    guard let members = canonical.objectValue else { return canonical }
    var result: JSONValue = .object([:])
    for member in members where !parts.contains(member.name) && member.name != "split_by" {
      result[member.name] = member.value
    }
    let hasFiles = parts.dropFirst().contains { canonical[$0]?["files"] != nil }
    for part in parts {
      let value = canonical[part] ?? .null
      if let share = value["share"] {
        result = result.setting(share, at: part, of: "split")
      } else if let source = part == "train" ? value : value["files"], !source.isNull {
        let (files, columns) = Self.source(source)
        for member in files {
          if hasFiles {
            result = result.setting(member.value, at: member.name, of: part)
          } else {
            result[member.name] = member.value
          }
        }
        if part == "train" { for column in columns { result[column.name] = column.value } }
      }
    }
    if let rule = canonical["split_by"] { result = result.setting(rule, at: "by", of: "split") }
    return result
  }

  /// The files of a source, and what is said of their columns, which stands beside them.
  private static func source(_ json: JSONValue) -> (files: JSONObject, columns: JSONObject) {
    guard let table = json["csv"]?.objectValue, let file = json["csv"]?["file"] else {
      return (json.objectValue ?? [:], [:])
    }
    var columns = JSONObject()
    for member in table where member.name != "file" {
      columns[member.name] = selectors(member.value)
    }
    return (["csv": file], columns)
  }

  /// Columns by their names or places alone; one in place of a list of one.
  private static func selectors(_ json: JSONValue) -> JSONValue {
    guard let items = json.arrayValue, !items.isEmpty else { return json }
    let plain = items.map { $0["name"] ?? $0["index"] ?? $0 }
    return plain.count == 1 ? plain[0] : JSONValue(plain)
  }
}

extension JSONValue {
  /// The same with `value` as the member `name` of the member `outer`.
  fileprivate func setting(_ value: JSONValue, at name: String, of outer: String) -> JSONValue {
    var (result, inner) = (self, self[outer] ?? .object([:]))
    inner[name] = value
    result[outer] = inner
    return result
  }
}
