import Datasets
import Engine
import NeuralNetworks
import Reports
import Storage

/// What a model knows of its data, for a person.
package struct InterfaceText {
  /// The most columns or classes that are named one by one.
  private static let mostNames = 8

  private let interface: ModelInterface
  private let classes: [String]

  /// - Parameter classes: in the order of the outputs; empty for a regression.
  package init(_ interface: ModelInterface?, classes: [String]) {
    self.interface = interface ?? ModelInterface(inputs: [], targets: [])
    self.classes = classes
  }

  /// A line for each thing that is known.
  package var lines: [String] {
    var lines: [String] = []
    func add(_ title: String, _ text: String?) {
      if let text { lines.append(title.padded(to: 10) + text) }
    }
    add("inputs", inputs)
    add("targets", Self.list(interface.targets.map { Self.name($0.name, $0.position) }))
    add("classes", Self.list(classes.map(Self.quoted)))
    add("loss", interface.loss.map(Self.text))
    add("table", interface.table.map(Self.text))
    add("missing", missing)
    return lines
  }

  /// What becomes of missing values, where something does.
  private var missing: String? {
    var parts: [String] = []
    if let markers = interface.missingMarkers {
      parts.append((["empty"] + markers.map(Self.quoted)).joined(separator: ", "))
    }
    if interface.dropsMissing {
      parts.append(leftOut)
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Which rows are left out: with something for every missing input, those without a target.
  private var leftOut: String {
    let kinds = interface.inputs.map(\.kind)
    let areFilled = kinds.compactMap { kind in
      if case .number(let fill) = kind { fill != nil } else { nil }
    }
    guard areFilled.contains(true) else { return "rows with a missing value are left out" }
    guard !areFilled.contains(false) else { return "rows with another missing value are left out" }
    let lacksLevel = kinds.contains { kind in
      if case .category(let levels, _) = kind { !levels.contains("") } else { false }
    }
    return "rows without a target are left out"
      + (lacksLevel ? ", and those with a missing text where training had none" : "")
  }

  private var inputs: String? {
    let inputs = interface.inputs
    if !inputs.isEmpty, inputs.allSatisfy({ $0.name == nil && $0.kind == .number(fill: nil) }) {
      return "\(Figures.grouped(inputs.count)) without names"
    }
    return Self.list(inputs.map(Self.text))
  }

  /// How many there are, and their names: all, or the first ones and the last.
  private static func list(_ names: [String]) -> String? {
    if names.isEmpty { return nil }
    let shown =
      names.count <= mostNames
      ? names : Array(names[..<(mostNames - 2)]) + ["…", names[names.count - 1]]
    return "\(Figures.grouped(names.count)): \(shown.joined(separator: ", "))"
  }

  private static func text(of input: ModelInterface.Input) -> String {
    let name = name(input.name, input.position)
    switch input.kind {
    case .number(nil): return name
    case .number(let fill?): return "\(name) (missing: \(NumberText.significant(fill, 6)))"
    case .category(let levels, let unknownIsZero):
      let texts = levels.count <= mostNames ? levels : Array(levels[..<mostNames]) + ["…"]
      let unknown = unknownIsZero ? "; another text is all zeros" : ""
      return "\(name) (text: \(texts.map(level).joined(separator: ", "))\(unknown))"
    }
  }

  /// A missing value is a level of its own, which the text itself cannot be.
  private static func level(_ text: String) -> String { text.isEmpty ? "(missing)" : quoted(text) }

  private static func text(of loss: Loss) -> String {
    switch loss {
    case .crossEntropy(let smoothing) where smoothing > 0:
      "\(loss.word), label smoothing \(smoothing)"
    case .huber(let delta): "\(loss.word), delta \(delta)"
    case .crossEntropy, .meanSquared, .meanAbsolute, .binaryCrossEntropy: loss.word
    }
  }

  private static func text(of table: ModelInterface.Table) -> String {
    let delimiter = CSVFormat.Delimiter(rawValue: table.delimiter)?.word ?? table.delimiter
    var parts = ["delimiter \(delimiter)", table.header ? "names in the first line" : "no names"]
    if table.decimalSign == "," { parts.append("decimal comma") }
    if let ignored = list(table.ignored.map { name($0.name, $0.position) }) {
      parts.append("left out \(ignored)")
    }
    return parts.joined(separator: ", ")
  }

  private static func name(_ name: String?, _ position: Int) -> String {
    guard let name, !name.isEmpty else { return "column \(position)" }
    return quoted(name)
  }

  /// `text` as it is where that is clear, else in quotes, with what does not show itself escaped.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789_-.".unicodeScalars.contains($0)
      }
    if isPlain { return text }
    let shown = text.unicodeScalars.map { scalar in
      if scalar.isInvisible || scalar.isOtherSpace { return scalar.escaped(asASCII: true) }
      return scalar == "\"" || scalar == "\\" ? "\\\(scalar)" : String(scalar)
    }
    return "\"\(shown.joined())\""
  }
}
