import Engine
import NeuralNetworks
import ONNXSchema
import Storage
import SwiftProtobuf

/// The graph of a network for ONNX Runtime and others: a Gemm for each layer, and a node or five for its
/// activation. The same network gives the same bytes.
///
/// Version 13 of the operators and version 7 of the format, which ONNX Runtime takes since 1.6 and other
/// readers as long, have all of them but GELU: that is written as 0.5 x (1 + erf(x / √2)), which readers
/// with a GELU of their own recognize.
struct ONNXWriting {
  private static let opset: Int64 = 13
  private static let version: Int64 = 7
  static let names = ExportUse.Names(input: "input", output: "output", batch: "batch")

  private let isSparse: Bool
  private var graph = Onnx_GraphProto()
  /// What the next node takes.
  private var value = Self.names.input

  /// The content of a file with `export`.
  /// - Throws: `ModelFileError.unsupported`.
  static func bytes(of export: ModelExport) throws(ModelFileError) -> [UInt8] {
    let network: FoldedNetwork
    do throws(FoldingError) {
      network = try FoldedNetwork(export.state)
    } catch {
      throw .unsupported("\(error)")
    }
    var writing = ONNXWriting(isSparse: export.options.sparseInitializers)
    writing.add(network)
    var model = Onnx_ModelProto()
    model.irVersion = version
    model.producerName = "ecpipe"
    model.docString = ExportUse(export, names).lines(most: nil).joined(separator: "\n")
    var operators = Onnx_OperatorSetIdProto()
    operators.domain = ""
    operators.version = opset
    model.opsetImport = [operators]
    model.graph = writing.graph
    model.metadataProps = metadata(of: export, network)
    do {
      return try model.serializedBytes()
    } catch {
      throw .unsupported("\(ONNXError.unwritable(tooLarge))")
    }
  }

  /// Why a network of `state` fits in no file: protocol buffers end at 2 GiB.
  static func obstacle(to state: ModelState) -> String? {
    let parameters = state.network.layers.reduce(0) {
      $0 + $1.weights.count + $1.bias.count + $1.unitSlopes.count
    }
    // A bit a weight of a mask, in hexadecimal, and some room for names.
    let bytes = 4 * parameters + state.network.weightCount / 4 + 16 << 20
    return bytes > Int(Int32.max) ? tooLarge : nil
  }

  private static let tooLarge =
    "an ONNX file ends at 2 GiB, which the network is beyond; write a safetensors file"

  private static func metadata(
    of export: ModelExport, _ network: FoldedNetwork
  ) -> [Onnx_StringStringEntryProto] {
    let description = StateDictDescription(
      Network(layers: network.layers.map(\.original)), written: network.layers.map(\.weights),
      classes: export.classes, interface: export.state.interface,
      original: export.state.original)
    var entries = [(StateDictDescription.name, description.text)]
    if !export.state.classes.isEmpty, let classes = export.classes {
      entries.append(("classes", JSONValue(classes.map { .string($0) }).canonical))
    }
    if let origin = export.origin {
      entries.append(("source_sha256", origin.sha256))
      if let lineage = origin.lineage { entries.append(("lineage", lineage.canonical)) }
    }
    return entries.map { key, value in
      var entry = Onnx_StringStringEntryProto()
      (entry.key, entry.value) = (key, value)
      return entry
    }
  }

  private init(isSparse: Bool) { self.isSparse = isSparse }

  private mutating func add(_ network: FoldedNetwork) {
    graph.name = "network"
    let layers = network.layers
    graph.input = [Self.info(Self.names.input, columns: layers[0].original.inputs)]
    graph.output = [
      Self.info(Self.names.output, columns: layers[layers.count - 1].original.outputs)
    ]
    for (index, layer) in layers.enumerated() {
      let isLast = index == layers.count - 1
      let name = layer.original.name
      let ends = isLast || layer.original.activation == .identity
      let result = isLast ? Self.names.output : ends ? name : name + ".product"
      addWeights("\(name).weight", layer)
      add("\(name).bias", [layer.original.outputs], layer.bias)
      node("Gemm", [value, "\(name).weight", "\(name).bias"], name, gives: result) {
        $0.attribute = [Self.attribute("transB", integer: 1)]
      }
      if !ends { add(layer.original, name) }
    }
  }

  /// The activation behind the layer `name`.
  private mutating func add(_ layer: DenseLayer, _ name: String) {
    switch layer.activation {
    case .identity: break
    case .relu: node("Relu", [value], "\(name).activation", gives: name)
    case .leakyRelu:
      node("LeakyRelu", [value], "\(name).activation", gives: name) {
        $0.attribute = [Self.attribute("alpha", number: layer.slope)]
      }
    case .prelu:
      let slopes = layer.unitSlopes.isEmpty ? [layer.slope] : layer.unitSlopes
      add("\(name).slope", [slopes.count], slopes)
      node("PRelu", [value, "\(name).slope"], "\(name).activation", gives: name)
    case .tanh: node("Tanh", [value], "\(name).activation", gives: name)
    case .sigmoid: node("Sigmoid", [value], "\(name).activation", gives: name)
    case .softplus: node("Softplus", [value], "\(name).activation", gives: name)
    case .silu:
      let product = value
      node("Sigmoid", [product], "\(name).sigmoid", gives: "\(name).sigmoid")
      node("Mul", [product, value], "\(name).activation", gives: name)
    case .gelu: addGelu(name)
    }
  }

  /// 0.5 x (1 + erf(x / √2)).
  private mutating func addGelu(_ name: String) {
    if !graph.initializer.contains(where: { $0.name == "gelu.half" }) {
      add("gelu.sqrt2", [], [Float(2).squareRoot()])
      add("gelu.one", [], [1])
      add("gelu.half", [], [0.5])
    }
    let product = value
    node("Div", [product, "gelu.sqrt2"], "\(name).scaled", gives: "\(name).scaled")
    node("Erf", [value], "\(name).erf", gives: "\(name).erf")
    node("Add", [value, "gelu.one"], "\(name).shifted", gives: "\(name).shifted")
    node("Mul", [product, value], "\(name).twice", gives: "\(name).twice")
    node("Mul", [value, "gelu.half"], "\(name).activation", gives: name)
  }

  // MARK: Parts of the graph

  private mutating func node(
    _ type: String, _ inputs: [String], _ name: String, gives output: String,
    _ complete: (inout Onnx_NodeProto) -> Void = { _ in }
  ) {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = name
    node.input = inputs
    node.output = [output]
    complete(&node)
    graph.node.append(node)
    value = output
  }

  private mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = ONNXTensor.ElementType.float.rawValue
    tensor.rawData = .init(TensorValues.bytes(values))
    graph.initializer.append(tensor)
  }

  /// The weights of a layer.
  private mutating func addWeights(_ name: String, _ layer: FoldedNetwork.Layer) {
    let shape = [layer.original.outputs, layer.original.inputs]
    let places = layer.weights.indices.filter { layer.weights[$0] != 0 }
    // A place takes 8 bytes, a value 4.
    guard isSparse, !places.isEmpty, 12 * places.count < 4 * layer.weights.count else {
      return add(name, shape, layer.weights)
    }
    var tensor = Onnx_SparseTensorProto()
    tensor.dims = shape.map { Int64($0) }
    tensor.values.name = name
    tensor.values.dims = [Int64(places.count)]
    tensor.values.dataType = ONNXTensor.ElementType.float.rawValue
    tensor.values.rawData = .init(TensorValues.bytes(places.map { layer.weights[$0] }))
    tensor.indices.name = name + ".places"
    tensor.indices.dims = [Int64(places.count)]
    tensor.indices.dataType = ONNXTensor.ElementType.int64.rawValue
    tensor.indices.rawData = .init(
      places.flatMap { place in (0..<8).map { UInt8(truncatingIfNeeded: place >> (8 * $0)) } })
    graph.sparseInitializer.append(tensor)
  }

  private static func attribute(_ name: String, number value: Float) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.f, attribute.type) = (name, value, 1)
    return attribute
  }

  private static func attribute(_ name: String, integer value: Int64) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.i, attribute.type) = (name, value, 2)
    return attribute
  }

  /// Any number of rows of `columns` numbers.
  private static func info(_ name: String, columns: Int) -> Onnx_ValueInfoProto {
    var (rows, width) = (Onnx_TensorShapeProto.Dimension(), Onnx_TensorShapeProto.Dimension())
    rows.dimParam = names.batch
    width.dimValue = Int64(columns)
    var type = Onnx_TypeProto.Tensor()
    type.elemType = ONNXTensor.ElementType.float.rawValue
    type.shape.dim = [rows, width]
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType = type
    return info
  }
}
