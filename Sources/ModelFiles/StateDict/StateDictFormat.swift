import Engine
import NeuralNetworks
import NumericCore
import Storage

/// Networks as PyTorch users keep them: the state dict of an `nn.Sequential` in a safetensors file.
///
/// As it is written, every layer is a `Linear`, followed by its activation as a module; only the
/// output's identity has none. So `0.weight` [outputs, inputs] and `0.bias` are the first layer,
/// `1.weight` [1] or [outputs] its slopes if it is a `PReLU`, `2.weight` the second layer. Pruned weights are exact
/// zeros. `__metadata__["ecpipe"]` says what a state dict does not (`StateDictDescription`).
package struct StateDictFormat: ModelFormat {
  package let name = "a safetensors file with the state dict of an nn.Sequential"
  package var suffix: String? { StateDict.suffix }

  /// The format.
  package init() {}

  package func recognizes(_ bytes: [UInt8], path: String) -> Bool {
    (try? SafetensorsHeader(fileStart: bytes, fileSize: bytes.count)).map(StateDict.isStateDict)
      ?? false
  }

  package func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    do throws(StateDictError) {
      let dict = try StateDict(bytes)
      return FileModel(
        state: ModelState(
          network: try dict.network(activation: activation), classes: dict.classes ?? [],
          interface: dict.interface, original: dict.original),
        saysTask: dict.classes != nil, saysActivations: dict.saysActivations,
        units: dict.interface == nil ? .open : .raw, template: dict.template)
    } catch {
      throw .unsupported("\(error)")
    }
  }

  package var options: Set<ExportOption> { [.sparseBitmask] }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    do {
      return try bytes(of: FoldedNetwork(export.state), export)
    } catch {
      throw .unsupported("\(error)")
    }
  }

  private func bytes(
    of network: FoldedNetwork, _ export: ModelExport
  ) throws(SafetensorsError) -> [UInt8] {
    let (tensors, description) = Self.content(of: network, export)
    var parts: [(name: String, type: SafetensorsType, shape: [Int], bytes: [UInt8])] = []
    for tensor in tensors {
      if export.options.sparseBitmask, tensor.shape.count == 2,
        let sparse = SparseBitmask(
          tensor.name, rows: tensor.shape[0], columns: tensor.shape[1], tensor.values)
      {
        parts += sparse.tensors
      } else {
        parts.append((tensor.name, .f32, tensor.shape, TensorValues.bytes(tensor.values)))
      }
    }
    // As the library writes files, so that every tensor begins at a multiple of its elements' size.
    parts = [8, 4, 1].flatMap { size in parts.filter { $0.type.size == size } }
    let header = try SafetensorsHeader(
      placing: parts.map { ($0.name, $0.type, $0.shape) },
      metadata: ["format": "pt", StateDictDescription.name: .string(description.text)])
    return header.file(with: parts.lazy.map(\.bytes))
  }

  /// The tensors of a state dict with `network`, and what they do not say of it.
  static func content(
    of network: FoldedNetwork, _ export: ModelExport
  ) -> (
    tensors: [(name: String, shape: [Int], values: [Float])], description: StateDictDescription
  ) {
    var tensors: [(name: String, shape: [Int], values: [Float])] = []
    for (index, layer) in network.layers.enumerated() {
      let original = layer.original
      tensors.append(
        ("\(2 * index).weight", [original.outputs, original.inputs], layer.weights))
      tensors.append(("\(2 * index).bias", [original.outputs], layer.bias))
      if original.activation == .prelu {
        let slopes = original.unitSlopes.isEmpty ? [original.slope] : original.unitSlopes
        tensors.append(("\(2 * index + 1).weight", [slopes.count], slopes))
      }
    }
    let description = StateDictDescription(
      Network(layers: network.layers.map(\.original)), written: network.layers.map(\.weights),
      classes: export.classes, interface: export.state.interface,
      original: export.state.original)
    return (tensors, description)
  }
}
