import Engine
import NeuralNetworks
import NumericCore
import ONNXSchema
import Storage
import SwiftProtobuf

/// Networks as ONNX has them: a graph of matrix products, additions and functions of one number.
package struct ONNXFormat: ModelFormat {
  package let name = "an ONNX file of a fully-connected network"
  package var suffix: String? { "onnx" }

  /// The format.
  package init() {}

  /// By its name, or by its first fields: the version of the format and who wrote it, which no length of
  /// another file's header is.
  package func recognizes(_ bytes: [UInt8], path: String) -> Bool {
    if path.lowercased().hasSuffix(".onnx") { return true }
    let tags: [UInt8] = [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]
    return bytes.count > 16 && bytes[0] == 0x08 && (3...30).contains(bytes[1])
      && tags.contains(bytes[2]) && bytes[8] != UInt8(ascii: "{")
  }

  package func read(
    _ bytes: [UInt8], path: String, activation: Activation?
  ) throws(ModelFileError) -> FileModel {
    do throws(ONNXError) {
      return try Self.model(bytes, path: path)
    } catch {
      if case .damaged = error { throw .damaged(reason: "\(error)") }
      throw .unsupported("\(error)")
    }
  }

  package func obstacle(to state: ModelState) -> String? {
    FoldedNetwork.obstacle(to: state) ?? ONNXWriting.obstacle(to: state)
  }

  package var options: Set<ExportOption> { [.sparseInitializers] }

  package var graphNames: ExportUse.Names? { ONNXWriting.names }

  /// The message and what it is written to are there, too; measured.
  package func writingBytes(of network: Network) -> Double { 26 * Double(network.weightCount) }

  package func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    try ONNXWriting.bytes(of: export)
  }

  private static func model(_ bytes: [UInt8], path: String) throws(ONNXError) -> FileModel {
    guard !bytes.isEmpty else { throw .damaged("it is empty") }
    // What is parsed, and of that, at least, what is made of it.
    try ONNXError.demand(2 * Double(bytes.count))
    try ONNXWire.check(bytes)
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let file: Onnx_ModelProto
    do {
      file = try Onnx_ModelProto(serializedBytes: bytes, options: options)
    } catch {
      throw .damaged("its fields are not those of ONNX")
    }
    let chain = try ONNXChain(ONNXGraph(file, path: path))
    let description = try ONNXDescription(file, chain.layers)
    var layers: [DenseLayer] = []
    for (index, layer) in chain.layers.enumerated() {
      let name = Network.layerName(index, of: chain.layers.count)
      // Weights multiplied out, and their matrix.
      try ONNXError.demand(8 * Double(layer.outputs) * Double(layer.inputs))
      layers.append(
        try layer.layer(named: name) { weights throws(ONNXError) in
          try description?.mask(of: index, weights: weights, layer)
        })
    }
    let classes = description?.description.classes
    let interface = description?.description.interface
    return FileModel(
      state: ModelState(
        network: Network(layers: layers), classes: classes ?? [], interface: interface,
        original: description?.description.original),
      // Several sigmoids are no choice of one class.
      saysTask: classes != nil || (chain.endsInSigmoid && (layers.last?.outputs ?? 1) > 1),
      units: interface == nil ? .open : .raw, notes: chain.notes,
      attachments: chain.graph.digests)
  }
}

/// What our own exports say beside their graph: as state dicts do, in an entry of their metadata.
struct ONNXDescription {
  let description: StateDictDescription

  /// Nil where the file says nothing.
  /// - Throws: `ONNXError.description` where it is of another network.
  init?(_ file: Onnx_ModelProto, _ layers: [ONNXLayer]) throws(ONNXError) {
    guard let entry = file.metadataProps.first(where: { $0.key == StateDictDescription.name })
    else { return nil }
    do throws(StateDictError) {
      description = try StateDictDescription(
        entry.value, layers: layers.map { ($0.inputs, $0.outputs) })
    } catch {
      if case .description(let problem) = error { throw .description(problem) }
      throw .description("\(error)")
    }
    for (layer, said) in zip(layers, description.layers)
    where said.activation != layer.activation?.activation ?? .identity {
      throw .description("\(layer.node) is said to be followed by \(said.activation.rawValue)")
    }
  }

  /// The mask of layer `index`, whose weights are `weights`; nil for a dense one.
  /// - Throws: `ONNXError.description` where it is not that of the weights.
  func mask(
    of index: Int, weights: [Float], _ layer: ONNXLayer
  ) throws(ONNXError) -> Mask? {
    guard let stated = description.layers[index].mask else { return nil }
    guard
      let mask = stated.mask(rows: layer.outputs, columns: layer.inputs, weights: weights)
    else { throw .description("the mask of \(layer.node) is not that of its weights") }
    return mask
  }
}
