import Engine
import ModelFiles
import NeuralNetworks
import Reports
import Runs
import Storage

/// What `show` says of a model in a file that is no checkpoint, such as an export or a state dict.
struct StoredModelSummary {
  let model: StoredModel
  /// Whether it is known what follows the hidden layers.
  let saysActivations: Bool

  private var network: Network { model.state.network }

  /// Reads the file at `path`.
  ///
  /// - Parameter activation: what follows the hidden layers of which the file does not say it.
  /// - Throws: as `StoredModel` does.
  init(path: String, activation: Activation?) throws {
    do {
      model = try StoredModel(path: path, activation: activation)
      saysActivations = true
    } catch {
      // Shapes and counts do not depend on it.
      guard activation == nil, let plain = try? StoredModel(path: path, activation: .identity)
      else { throw error }
      model = plain
      saysActivations = false
    }
  }

  private func activation(_ layer: DenseLayer, _ index: Int) -> String? {
    saysActivations || index == network.layers.count - 1 ? layer.activation.rawValue : nil
  }

  /// What the outputs are, where their names do not say it.
  private var outputs: [String] {
    if !model.saysTask { return ["outputs   not said whether classes or values"] }
    return model.state.classes.isEmpty ? ["outputs   values"] : []
  }

  /// The form of `show --json`, with null for what only a checkpoint has.
  var json: JSONValue {
    [
      "format": 1, "bytes": JSONValue(model.size), "weights": JSONValue(network.remaining),
      "total": JSONValue(network.weightCount),
      "original_total": JSONValue(model.state.originalWeightCount),
      "original_widths": model.state.original?.json ?? .null,
      "sparsity": JSONValue(model.state.sparsity), "lineage": .null, "fingerprint": .null,
      "optimizer": false, "interrupted": false,
      "classes": model.saysTask ? JSONValue(model.state.classes.map { .string($0) }) : .null,
      "interface": model.state.interface?.json ?? .null,
      "layers": .array(
        network.layers.enumerated().map { index, layer in
          [
            "name": .string(layer.name), "inputs": JSONValue(layer.inputs),
            "outputs": JSONValue(layer.outputs),
            "activation": JSONValue(activation(layer, index)),
            "weights": JSONValue(layer.remaining), "total": JSONValue(layer.weights.count),
          ]
        }),
      "entries": .null, "notes": JSONValue(model.file.notes.map { .string($0) }),
    ]
  }

  /// The lines for a person.
  ///
  /// - Parameter width: cells that a line of the table may have; nil for as many as it takes.
  func lines(width: Int?) -> [String] {
    let widths = network.widths.map(String.init)
    let first = activation(network.layers[0], 0) ?? "the activation is not said"
    var table = TextTable([
      ("layer", .left), ("shape", .right), ("weights", .right), ("density", .right),
    ])
    for layer in network.layers {
      table.add([
        layer.name, "\(layer.outputs)x\(layer.inputs)", Figures.grouped(layer.remaining),
        Figures.percent(Double(layer.remaining) / Double(max(layer.weights.count, 1)), 2),
      ])
    }
    let counts = OriginalText(
      weights: network.remaining, total: network.weightCount, original: model.state.original)
    let head =
      [model.path, "network   \(widths.joined(separator: "-")), \(first)"] + counts.lines + [
        "file      \(Figures.count(model.size, "byte")), no checkpoint"
      ]
    let known = InterfaceText(model.state.interface, classes: model.state.classes).lines
    return head + outputs + known + model.file.notes.map { "note      \($0)" } + [""]
      + table.lines(width: width)
  }
}
