import ModelFiles
import NeuralNetworks
import Storage

extension ModelInterface {
  /// The form of `show --json`: a member for each input.
  package var json: JSONValue {
    [
      "inputs": JSONValue(inputs.map(\.json)), "targets": JSONValue(targets.map(\.json)),
      "table": table?.json ?? .null, "loss": loss?.json ?? .null,
      "missing": [
        "rows": dropsMissing ? "drop" : "error",
        "markers": missingMarkers.map { JSONValue($0.map { .string($0) }) } ?? .null,
      ],
    ]
  }
}

extension ModelInterface.Input {
  fileprivate var json: JSONValue {
    var (fill, levels, unknown): (Double?, [String]?, String?) = (nil, nil, nil)
    switch kind {
    case .number(let value): fill = value
    case .category(let texts, let unknownIsZero):
      (levels, unknown) = (texts, unknownIsZero ? "zeros" : "error")
    }
    return [
      "name": JSONValue(name), "position": JSONValue(position), "fill": JSONValue(fill),
      "levels": levels.map { JSONValue($0.map { .string($0) }) } ?? .null,
      "unknown": JSONValue(unknown),
    ]
  }
}

extension ModelInterface.Table {
  fileprivate var json: JSONValue {
    [
      "delimiter": .string(delimiter), "decimal": .string(decimalSign), "header": .bool(header),
      "ignored": JSONValue(ignored.map(\.json)),
    ]
  }
}
