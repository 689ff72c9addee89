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
    let classes = export.classes ?? []
    isClassifier = !classes.isEmpty
    outputs = isClassifier ? classes : state.interface?.targets.compactMap(\.name) ?? []
    givesLogits = state.network.layers.last?.activation == .identity
    foldsInputs = state.inputScaling != nil
    foldsTargets = state.targetScaling != nil
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
      case .category(let levels, _): return levels.map { "\(name)=\($0)" }
      }
    }
  }
}

extension ExportUse {
  /// A sentence on what the file takes, and one on what it gives.
  ///
  /// - Parameter most: names that each tells; nil for all.
  package func lines(most: Int? = Self.standardNames) -> [String] {
    [takes(most), gives(most)]
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
