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
          interface: dict.interface),
        saysTask: dict.classes != nil, saysActivations: dict.saysActivations,
        units: dict.interface == nil ? .open : .raw, template: dict)
    } catch {
      throw .unsupported("\(error)")
    }
  }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    do {
      return try bytes(
        of: FoldedNetwork(export.state), classes: export.classes,
        interface: export.state.interface)
    } catch {
      throw .unsupported("\(error)")
    }
  }

  private func bytes(
    of network: FoldedNetwork, classes: [String]?, interface: ModelInterface?
  ) throws(SafetensorsError) -> [UInt8] {
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
      classes: classes, interface: interface)
    let header = try SafetensorsHeader(
      placing: tensors.map { ($0.name, .f32, $0.shape) },
      metadata: ["format": "pt", StateDictDescription.name: .string(description.text)])
    return tensors.reduce(into: header.bytes) { $0 += TensorValues.bytes($1.values) }
  }
}
