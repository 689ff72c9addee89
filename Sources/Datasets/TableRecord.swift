import NeuralNetworks
import Storage

/// What is known of a table that was converted to numbers, beside them.
struct TableRecord {
  let featureNames: [String]?
  /// Nil for numbers.
  let classes: [String]?
  let interface: ModelInterface?
  let report: TableReport?
  let notes: [String]

  private static let format = 1

  init(_ dataset: Dataset) {
    featureNames = dataset.featureNames
    classes = dataset.targets.classNames
    interface = dataset.interface
    report = dataset.report
    notes = dataset.notes
  }

  var json: JSONValue {
    [
      "format": JSONValue(Self.format), "names": Self.json(featureNames),
      "classes": Self.json(classes), "interface": interface.map(Self.json) ?? .null,
      "report": report.map(Self.json) ?? .null, "notes": Self.json(notes),
    ]
  }

  /// Reads what `json` wrote.
  /// - Throws: `JSONError`.
  init(json: JSONValue) throws(JSONError) {
    guard try json.integer(at: "format") == Self.format else { throw .missing(path: "format") }
    featureNames = Self.texts(json["names"])
    classes = Self.texts(json["classes"])
    notes = Self.texts(json["notes"]) ?? []
    let interface = try json.value(at: "interface")
    self.interface = interface.isNull ? nil : try Self.interface(interface)
    let report = try json.value(at: "report")
    self.report = report.isNull ? nil : try Self.report(report)
  }

  private static func json(_ texts: [String]?) -> JSONValue {
    texts.map { JSONValue($0.map { .string($0) }) } ?? .null
  }

  private static func texts(_ json: JSONValue?) -> [String]? {
    json?.arrayValue?.compactMap(\.stringValue)
  }

  // MARK: Columns

  private static func json(_ interface: ModelInterface) -> JSONValue {
    [
      "inputs": JSONValue(interface.inputs.map(json)),
      "targets": JSONValue(interface.targets.map(json)),
      "drops_missing": JSONValue(interface.dropsMissing),
      "markers": json(interface.missingMarkers),
      "table": interface.table.map { table in
        [
          "delimiter": .string(table.delimiter), "decimal": .string(table.decimalSign),
          "header": JSONValue(table.header), "ignored": JSONValue(table.ignored.map(json)),
        ]
      } ?? .null,
    ]
  }

  private static func json(_ column: ModelInterface.Column) -> JSONValue {
    ["name": JSONValue(column.name), "position": JSONValue(column.position)]
  }

  private static func json(_ input: ModelInterface.Input) -> JSONValue {
    var result: JSONValue = ["name": JSONValue(input.name), "position": JSONValue(input.position)]
    switch input.kind {
    case .number(let fill): result["fill"] = JSONValue(fill)
    case .category(let levels, let unknownIsZero):
      result["levels"] = json(levels)
      result["unknown_is_zero"] = JSONValue(unknownIsZero)
    }
    return result
  }

  private static func interface(_ json: JSONValue) throws(JSONError) -> ModelInterface {
    var inputs: [ModelInterface.Input] = []
    for input in try json.array(at: "inputs") {
      let kind: ModelInterface.Input.Kind
      if let levels = texts(input["levels"]) {
        kind = .category(levels: levels, unknownIsZero: try input.bool(at: "unknown_is_zero"))
      } else {
        kind = .number(fill: input["fill"]?.doubleValue)
      }
      inputs.append(
        ModelInterface.Input(
          name: input["name"]?.stringValue, position: try input.integer(at: "position"), kind: kind
        ))
    }
    let table = try json.value(at: "table")
    return ModelInterface(
      inputs: inputs, targets: try columns(json, "targets"),
      table: table.isNull
        ? nil
        : ModelInterface.Table(
          delimiter: try table.string(at: "delimiter"),
          decimalSign: try table.string(at: "decimal"), header: try table.bool(at: "header"),
          ignored: try columns(table, "ignored")),
      dropsMissing: try json.bool(at: "drops_missing"), missingMarkers: texts(json["markers"]))
  }

  private static func columns(
    _ json: JSONValue, _ name: String
  ) throws(JSONError) -> [ModelInterface.Column] {
    var columns: [ModelInterface.Column] = []
    for column in try json.array(at: name) {
      columns.append(
        ModelInterface.Column(
          name: column["name"]?.stringValue, position: try column.integer(at: "position")))
    }
    return columns
  }

  // MARK: How it was read

  private static func json(_ report: TableReport) -> JSONValue {
    [
      "delimiter": .string(report.delimiter.rawValue), "decimal": .string(report.decimal.rawValue),
      "header": JSONValue(report.header), "columns": JSONValue(report.columns),
      "rows": JSONValue(report.rows),
      "missing_inputs": JSONValue(report.missingInputs.map { JSONValue($0) }),
      "missing_targets": JSONValue(report.missingTargets.map { JSONValue($0) }),
    ]
  }

  private static func report(_ json: JSONValue) throws(JSONError) -> TableReport {
    guard let delimiter = CSVFormat.Delimiter(rawValue: try json.string(at: "delimiter")),
      let decimal = CSVFormat.DecimalSign(rawValue: try json.string(at: "decimal"))
    else { throw .missing(path: "delimiter") }
    return TableReport(
      delimiter: delimiter, decimal: decimal, header: try json.bool(at: "header"),
      columns: try json.integer(at: "columns"), rows: try json.integer(at: "rows"),
      missingInputs: try json.array(at: "missing_inputs").compactMap(\.intValue),
      missingTargets: try json.array(at: "missing_targets").compactMap(\.intValue))
  }
}
