import Datasets
import Storage

extension DataSummary {
  /// The summary as `validate --json` has it.
  package var json: JSONValue {
    [
      "source": .string(source), "rows": JSONValue(rows), "width": JSONValue(width),
      "parts": JSONValue(
        parts.map {
          [
            "name": .string($0.name.rawValue), "rows": JSONValue($0.rows),
            "source": JSONValue($0.source),
          ]
        }),
      "inputs": JSONValue(inputs.map(\.json)), "targets": JSONValue(targets.map(\.json)),
      "classes": JSONValue(
        classes.map { ["name": .string($0.name), "rows": JSONValue($0.rows)] }),
      "ignored": JSONValue(ignored.map(\.json)), "table": table?.json ?? .null,
      "notes": JSONValue(notes.map { .string($0) }),
    ]
  }
}

extension DataSummary.Column {
  fileprivate var json: JSONValue {
    var json = place.json
    json["missing"] = JSONValue(missing)
    json["fill"] = JSONValue(fill)
    switch values {
    case .numbers(let least, let most):
      json["kind"] = "number"
      json["least"] = JSONValue(least)
      json["most"] = JSONValue(most)
    case .levels(let levels):
      json["kind"] = "text"
      json["levels"] = JSONValue(levels.map { .string($0) })
    case .classes: json["kind"] = "class"
    }
    return json
  }
}

extension DataColumn {
  fileprivate var json: JSONValue { ["index": JSONValue(index), "name": JSONValue(name)] }
}

extension TableReport {
  fileprivate var json: JSONValue {
    [
      "rows": JSONValue(rows), "columns": JSONValue(columns), "header": .bool(header),
      "delimiter": .string(delimiter.word), "decimal": .string(decimal.word),
    ]
  }
}
