import Engine
import NeuralNetworks
import Storage

/// What a model knows of its data as files have it: one JSON object, or null.
///
/// `inputs` are runs of columns that stand side by side in the data: `names`, or `count` where they have
/// none; `position` of the first where it does not follow on the run before (at 0 for the first run). A
/// column with a `fill`, or of text with `levels` and `unknown` (`error` or `zeros`), is a run of its
/// own. `targets` are columns, `{"name", "position"}`. `table` is null for arrays, else `delimiter`,
/// `decimal`, `header` and the columns `ignored`. `missing` says what becomes of `rows` with a missing value
/// (`drop` or `error`), and the `markers` that stand for one beside the empty field, null for the usual ones.
/// `loss` is null or its `name` with its numbers.
struct InterfaceRecord: Sendable, Equatable {
  /// The network that an interface has to fit.
  struct Shape: Sendable, Equatable {
    let inputs: Int
    let outputs: Int
    /// Nil where that is not known.
    let isClassifier: Bool?
  }

  /// Why an interface cannot be.
  enum Problem: Error, Equatable {
    /// A member that is missing, or of another kind.
    case json(JSONError)
    /// What is wrong with the value at a path inside the interface, as a clause that goes on from it.
    case value(path: String, problem: String)
  }

  /// Most texts, names and levels together, and bytes of them, that are written.
  private static let mostTexts = 1 << 19
  private static let mostTextBytes = 4 << 20
  /// Beyond every position.
  static let positionLimit = 1 << 40

  let interface: ModelInterface

  /// The record of `interface`; of one with more columns than files tell of, its loss alone.
  init(_ interface: ModelInterface) {
    self.interface =
      Self.canTell(of: interface)
      ? interface : ModelInterface(inputs: [], targets: [], loss: interface.loss)
  }

  private static func canTell(of interface: ModelInterface) -> Bool {
    guard interface.inputs.count <= ModelInterface.mostColumns else { return false }
    var (texts, bytes) = (0, 0)
    func add(_ text: String?) {
      guard let text else { return }
      texts += 1
      bytes += text.utf8.count
    }
    for input in interface.inputs {
      add(input.name)
      if case .category(let levels, _) = input.kind { levels.forEach(add) }
    }
    for column in interface.targets + (interface.table?.ignored ?? []) { add(column.name) }
    interface.missingMarkers?.forEach(add)
    return texts <= mostTexts && bytes <= mostTextBytes
  }
}

// MARK: Writing

extension InterfaceRecord {
  /// The JSON object.
  var json: JSONValue {
    [
      "inputs": JSONValue(inputRuns), "targets": JSONValue(interface.targets.map(\.json)),
      "table": interface.table.map(Self.json) ?? .null,
      "loss": interface.loss?.json ?? .null,
      "missing": [
        "rows": interface.dropsMissing ? "drop" : "error",
        "markers": interface.missingMarkers.map { JSONValue($0.map { .string($0) }) } ?? .null,
      ],
    ]
  }

  private var inputRuns: [JSONValue] {
    let inputs = interface.inputs
    var runs: [JSONValue] = []
    var start = 0
    while start < inputs.count {
      var end = start + 1
      while end < inputs.count, inputs[end].follows(inputs[end - 1]) { end += 1 }
      let first = inputs[start]
      var run: JSONValue =
        first.name == nil
        ? ["count": JSONValue(end - start)]
        : ["names": JSONValue(inputs[start..<end].map { JSONValue($0.name) })]
      let expected = start == 0 ? 0 : inputs[start - 1].position + 1
      if first.position != expected { run["position"] = JSONValue(first.position) }
      switch first.kind {
      case .number(let fill?): run["fill"] = JSONValue(fill)
      case .number(nil): break
      case .category(let levels, let unknownIsZero):
        run["levels"] = JSONValue(levels.map { .string($0) })
        run["unknown"] = unknownIsZero ? "zeros" : "error"
      }
      runs.append(run)
      start = end
    }
    return runs
  }

  private static func json(_ table: ModelInterface.Table) -> JSONValue {
    [
      "delimiter": .string(table.delimiter), "decimal": .string(table.decimalSign),
      "header": .bool(table.header), "ignored": JSONValue(table.ignored.map(\.json)),
    ]
  }
}

extension ModelInterface.Column {
  /// The JSON object.
  package var json: JSONValue { ["name": JSONValue(name), "position": JSONValue(position)] }
}

extension Loss {
  /// Its name, and its number where it has one, in the fewest digits that read back as the same Float32.
  package var json: JSONValue {
    func number(_ value: Float) -> JSONValue { JSONValue(Double(value.description)) }
    return switch self {
    case .crossEntropy(let smoothing):
      ["name": .string(word), "label_smoothing": number(smoothing)]
    case .huber(let delta): ["name": .string(word), "delta": number(delta)]
    case .meanSquared, .meanAbsolute, .binaryCrossEntropy: ["name": .string(word)]
    }
  }
}

extension ModelInterface.Input {
  /// Whether this is a plain column right behind the plain column `other`, both with a name or both
  /// without.
  fileprivate func follows(_ other: ModelInterface.Input) -> Bool {
    let plain = Kind.number(fill: nil)
    return kind == plain && other.kind == plain && position == other.position + 1
      && (name == nil) == (other.name == nil)
  }
}
