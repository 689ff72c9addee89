import Engine
import NeuralNetworks
import Storage

/// Reading is strict: what comes out fits the network, and nothing is allocated by a number alone that
/// the network does not have.
extension InterfaceRecord {
  /// The interface of a network of `shape` that `json` describes.
  init(_ json: JSONValue, of shape: Shape) throws(Problem) {
    let runs = try Self.wanted { () throws(JSONError) in try json.array(at: "inputs") }
    let targets = try Self.wanted { () throws(JSONError) in try json.array(at: "targets") }
    let table = try Self.wanted { () throws(JSONError) in try json.value(at: "table") }
    let loss = try Self.wanted { () throws(JSONError) in try json.value(at: "loss") }
    let missing = try Self.wanted { () throws(JSONError) in try json.value(at: "missing") }
    var places: [Range<Int>] = []
    let inputs = try Self.inputs(runs, width: shape.inputs, places: &places)
    let targetColumns = try Self.columns(targets, "targets")
    let most = shape.isClassifier == true ? 1 : max(1, shape.outputs)
    guard targetColumns.count <= most else {
      throw .value(path: "targets", problem: "are more than the network has")
    }
    let layout = table.isNull ? nil : try Self.table(table)
    if let layout {
      places += (targetColumns + layout.ignored).map { $0.position..<($0.position + 1) }
    }
    try Self.check(places)
    interface = ModelInterface(
      inputs: inputs, targets: targetColumns, table: layout,
      loss: loss.isNull ? nil : try Self.loss(loss, of: shape),
      dropsMissing: try Self.dropsMissing(missing), missingMarkers: try Self.markers(missing))
  }

  private static func inputs(
    _ runs: [JSONValue], width: Int, places: inout [Range<Int>]
  ) throws(Problem) -> [ModelInterface.Input] {
    var inputs: [ModelInterface.Input] = []
    var total = 0
    var next = 0
    for (index, run) in runs.enumerated() {
      let path = "inputs[\(index)]"
      let columns = try Self.run(run, path, following: next, room: width - total)
      for column in columns { total += column.width }
      guard total <= width, let first = columns.first else {
        throw .value(path: path, problem: "has more columns than the network has inputs, or none")
      }
      next = first.position + columns.count
      places.append(first.position..<next)
      inputs += columns
    }
    guard inputs.isEmpty || total == width else {
      throw .value(path: "inputs", problem: "are fewer than the network has")
    }
    return inputs
  }

  /// The columns of one run; no more than `room` and one, whatever it says.
  private static func run(
    _ json: JSONValue, _ path: String, following next: Int, room: Int
  ) throws(Problem) -> [ModelInterface.Input] {
    let position = try json["position"].map { (json) throws(Problem) in
      try Self.position(json, path)
    }
    let start = position ?? next
    let names: [String?]
    if let count = json["count"]?.intValue {
      guard (1...ModelInterface.mostColumns).contains(count), count <= room, json["names"] == nil
      else {
        throw .value(path: "\(path).count", problem: "is impossible")
      }
      names = Array(repeating: nil, count: count)
    } else {
      names = try texts(json, "names", path)
    }
    guard start + names.count <= positionLimit else {
      throw .value(path: "\(path).position", problem: "is impossible")
    }
    let kind = try Self.kind(json, path)
    guard kind == .number(fill: nil) || names.count == 1 else {
      throw .value(path: path, problem: "says of several columns what one has")
    }
    return names.enumerated().map { offset, name in
      ModelInterface.Input(name: name, position: start + offset, kind: kind)
    }
  }

  private static func kind(
    _ json: JSONValue, _ path: String
  ) throws(Problem) -> ModelInterface.Input.Kind {
    if json["levels"] != nil {
      let levels = try texts(json, "levels", path)
      guard !levels.isEmpty, levels.areDistinct, json["fill"] == nil,
        let unknown = json["unknown"]?.stringValue, ["error", "zeros"].contains(unknown)
      else { throw .value(path: "\(path).levels", problem: "are not those of a text column") }
      return .category(levels: levels, unknownIsZero: unknown == "zeros")
    }
    guard let fill = json["fill"] else { return .number(fill: nil) }
    guard let value = fill.doubleValue, value.isFinite else {
      throw .value(path: "\(path).fill", problem: "is not a finite number")
    }
    return .number(fill: value)
  }

  private static func table(_ json: JSONValue) throws(Problem) -> ModelInterface.Table {
    let delimiter = try wanted { () throws(JSONError) in
      try json.string(at: "delimiter")
    }
    let decimal = try wanted { () throws(JSONError) in try json.string(at: "decimal") }
    let header = try wanted { () throws(JSONError) in try json.bool(at: "header") }
    let ignored = try wanted { () throws(JSONError) in try json.array(at: "ignored") }
    guard [",", ";", "\t", "|"].contains(delimiter) else {
      throw .value(path: "table.delimiter", problem: "is none that tables have")
    }
    guard [".", ","].contains(decimal) else {
      throw .value(path: "table.decimal", problem: "is neither a point nor a comma")
    }
    return ModelInterface.Table(
      delimiter: delimiter, decimalSign: decimal, header: header,
      ignored: try columns(ignored, "table.ignored"))
  }

  private static func dropsMissing(_ json: JSONValue) throws(Problem) -> Bool {
    guard let rows = json["rows"]?.stringValue, ["drop", "error"].contains(rows) else {
      throw .value(path: "missing.rows", problem: "is neither drop nor error")
    }
    return rows == "drop"
  }

  private static func markers(_ json: JSONValue) throws(Problem) -> [String]? {
    guard let markers = json["markers"] else {
      throw .value(path: "missing.markers", problem: "is not there")
    }
    return markers.isNull ? nil : try texts(json, "markers", "missing")
  }

  private static func loss(_ json: JSONValue, of shape: Shape) throws(Problem) -> Loss {
    func number(_ name: String, _ isSound: (Float) -> Bool) throws(Problem) -> Float {
      guard let value = json[name]?.doubleValue.map({ Float($0) }), isSound(value) else {
        throw .value(path: "loss.\(name)", problem: "is out of range")
      }
      return value
    }
    let loss: Loss
    switch json["name"]?.stringValue {
    case "cross_entropy":
      loss = .crossEntropy(labelSmoothing: try number("label_smoothing") { $0 >= 0 && $0 < 1 })
    case "mse": loss = .meanSquared
    case "mae": loss = .meanAbsolute
    case "huber": loss = .huber(delta: try number("delta") { $0 > 0 && $0.isFinite })
    case "binary_cross_entropy": loss = .binaryCrossEntropy
    default: throw .value(path: "loss.name", problem: "is no known loss")
    }
    guard shape.isClassifier != false || !loss.usesClassLabels else {
      throw .value(path: "loss.name", problem: "is for classes, and the network has none")
    }
    return loss
  }
}

// MARK: Parts

extension InterfaceRecord {
  private static func columns(
    _ json: [JSONValue], _ name: String
  ) throws(Problem) -> [ModelInterface.Column] {
    var columns: [ModelInterface.Column] = []
    for (index, column) in json.enumerated() {
      let path = "\(name)[\(index)]"
      guard let called = column["name"], called.isNull || called.stringValue != nil,
        let place = column["position"]
      else { throw .value(path: path, problem: "is no column") }
      columns.append(
        ModelInterface.Column(name: called.stringValue, position: try position(place, path)))
    }
    return columns
  }

  private static func position(_ json: JSONValue, _ path: String) throws(Problem) -> Int {
    guard let position = json.intValue, position >= 0, position < positionLimit else {
      throw .value(path: "\(path).position", problem: "is impossible")
    }
    return position
  }

  private static func texts(
    _ json: JSONValue, _ name: String, _ path: String
  ) throws(Problem) -> [String] {
    let elements = try wanted { () throws(JSONError) in
      do throws(JSONError) { return try json.array(at: name) } catch { throw error.inside(path) }
    }
    let texts = elements.compactMap(\.stringValue)
    guard texts.count == elements.count else {
      throw .value(path: "\(path).\(name)", problem: "are not all text")
    }
    return texts
  }

  /// Makes sure that no column stands twice.
  private static func check(_ places: [Range<Int>]) throws(Problem) {
    let sorted = places.sorted { $0.lowerBound < $1.lowerBound }
    for (place, next) in zip(sorted, sorted.dropFirst())
    where place.upperBound > next.lowerBound {
      throw .value(path: "inputs", problem: "or other columns stand at one position twice")
    }
  }

  /// What `read` reads, its error as a problem.
  private static func wanted<Value>(
    _ read: () throws(JSONError) -> Value
  ) throws(Problem) -> Value {
    do throws(JSONError) { return try read() } catch { throw .json(error) }
  }
}

extension InterfaceRecord.Problem: CustomStringConvertible {
  /// What is wrong and where, as a clause.
  var description: String {
    switch self {
    case .json(let error): "\(error)"
    case .value(let path, let problem): "\"\(path)\" \(problem)"
    }
  }
}
