import Engine
import NeuralNetworks

/// What a file for others takes and gives.
package struct ExportUse: Sendable, Equatable {
  /// What a graph calls its input, its output and the number of rows of both.
  package struct Names: Sendable, Equatable {
    package let input: String
    package let output: String
    package let batch: String
  }

  /// Nil where the file has none.
  package let names: Names?
  /// What each number of a row of inputs is, in their order; empty where the model does not know it.
  package let inputs: [String]
  /// Numbers of a row of inputs.
  package let width: Int
  /// What is to be put in for a missing value, for each of these numbers; nil for one that is never missing. Empty
  /// where there is none.
  package let fills: [Double?]
  /// The classes of the outputs, or what each of them is; empty where the model does not know it.
  package let outputs: [String]
  /// Numbers of a row of outputs.
  package let results: Int
  package let isClassifier: Bool
  /// Whether the scaling of inputs is part of the network, so that it takes raw values.
  package let foldsInputs: Bool
  /// Whether that of targets is, so that it gives raw values.
  package let foldsTargets: Bool
  /// Whether outputs of classes are logits.
  private let givesLogits: Bool

  package init(_ export: ModelExport, _ names: Names?) {
    self.names = names
    let state = export.state
    inputs = Self.names(of: state.interface)
    (width, results) = (state.network.inputs, state.network.outputs)
    fills = Self.fills(of: state.interface)
    let classes = export.classes ?? []
    isClassifier = !classes.isEmpty
    outputs = isClassifier ? classes : state.interface?.targets.compactMap(\.name) ?? []
    givesLogits = state.network.layers.last?.activation == .identity
    foldsInputs = state.inputScaling != nil
    foldsTargets = state.targetScaling != nil
  }

  /// What stands for a missing value in each number of a row of inputs; none where nothing stands for any.
  private static func fills(of interface: ModelInterface?) -> [Double?] {
    let fills = (interface?.inputs ?? []).flatMap { column -> [Double?] in
      if case .number(let fill) = column.kind { return [fill] }
      return Array(repeating: nil, count: column.width)
    }
    return fills.contains { $0 != nil } ? fills : []
  }

  /// What each number of a row of inputs is in a table with names: a column, or for a column of text the level
  /// that makes it 1; empty elsewhere.
  private static func names(of interface: ModelInterface?) -> [String] {
    guard let columns = interface?.inputs, columns.contains(where: { $0.name != nil }) else {
      return []
    }
    return columns.flatMap { column -> [String] in
      let name = column.name ?? "column \(column.position)"
      switch column.kind {
      case .number: return [name]
      case .category(let levels, _):
        return levels.map { "\(name)=\($0.isEmpty ? "(missing)" : $0)" }
      }
    }
  }
}

extension ExportUse {
  /// A sentence on what the file takes, one on what is to be put in for missing values where any can be, and one
  /// on what it gives.
  ///
  /// - Parameter most: names that each tells; nil for all.
  package func lines(most: Int? = Self.standardNames) -> [String] {
    [takes(most), missing(most), gives(most)].compactMap { $0 }
  }

  /// Names that are told on a line.
  package static let standardNames = 12

  private func takes(_ most: Int?) -> String {
    let head =
      names.map { "input \"\($0.input)\", float32 [\($0.batch), \(width)]" }
      ?? "takes \(width) number\(width == 1 ? "" : "s") a row"
    let order =
      inputs.isEmpty ? ", in the order of the training data" : ": " + Self.listed(inputs, most)
    return head + order + (foldsInputs ? "; raw values, since their scaling is folded in" : "")
  }

  /// Who fills a table fills it before the network, which makes NaN of NaN.
  private func missing(_ most: Int?) -> String? {
    let filled = fills.enumerated().compactMap { index, fill in
      fill.map { "\($0) for \(inputs.isEmpty ? "input \(index)" : inputs[index])" }
    }
    if filled.isEmpty { return nil }
    return
      "where a value is missing, put in \(Self.listed(filled, most)); a NaN that goes in comes out as NaN"
  }

  private func gives(_ most: Int?) -> String {
    let head =
      names.map { "output \"\($0.output)\", float32 [\($0.batch), \(results)]" }
      ?? "gives \(results) number\(results == 1 ? "" : "s") a row"
    return head + meaning(most)
  }

  private func meaning(_ most: Int?) -> String {
    guard isClassifier else {
      return (outputs.isEmpty ? "" : ": " + Self.listed(outputs, most))
        + (foldsTargets ? "; raw values, since their scaling is folded in" : "")
    }
    if results == 1, let second = outputs.last {
      return givesLogits
        ? ": above 0 for \(second), else \(outputs[0]); 1 / (1 + exp(-x)) is the probability of \(second)"
        : ": how much speaks for \(second)"
    }
    return ", one for each class: \(Self.listed(outputs, most)); the largest is the answer"
      + (givesLogits ? ", and softmax makes probabilities of them" : "")
  }

  private static func listed(_ names: [String], _ most: Int?) -> String {
    guard let most, names.count > most else { return names.joined(separator: ", ") }
    return names.prefix(most - 2).joined(separator: ", ") + ", …, \(names[names.count - 1])"
  }
}
