import ONNXSchema
import Storage

/// The graph of an ONNX file: the nodes between its one input and its one output, and its constants.
struct ONNXGraph {
  /// The input as the file describes it.
  struct Input {
    let name: String
    /// Samples that it takes; nil for any number.
    let batch: Int?
    /// Its dimensions behind that of the samples; nil where the file does not say them.
    let dimensions: [Int]?
  }

  let input: Input
  let output: String
  /// Those that the output depends on, in the order of the file.
  let nodes: [ONNXNode]
  /// How many nodes take each value, the output counting as one.
  let uses: [String: Int]
  /// Of ONNX's own operators.
  let opset: Int

  private let initializers: [String: Onnx_TensorProto]
  private let sparseInitializers: [String: Onnx_SparseTensorProto]
  private var files: ONNXDataFiles

  /// Versions of the operators that are read.
  private static let opsets = 11...26
  /// What is said of a graph with other inputs or outputs.
  private static let advice =
    "a fully-connected network has one of each; export its raw outputs alone"

  /// The graph of the file at `path`.
  /// - Throws: `ONNXError`.
  init(_ model: Onnx_ModelProto, path: String) throws(ONNXError) {
    let graph = model.graph
    let stated = model.opsetImport.first { ["", "ai.onnx"].contains($0.domain) }
    guard model.hasGraph, let stated else {
      throw .graph("there is no graph with operators of ONNX in the file; export it again")
    }
    guard let opset = Int(exactly: stated.version), Self.opsets.contains(opset) else {
      throw .graph(
        "the file is of opset \(stated.version); supported are \(Self.opsets.lowerBound) to "
          + "\(Self.opsets.upperBound), so export it with another opset_version")
    }
    self.opset = opset
    files = ONNXDataFiles(besides: path)
    var constants: [String: Onnx_TensorProto] = [:]
    var sparse: [String: Onnx_SparseTensorProto] = [:]
    var names: Set<String> = []
    func claim(_ name: String) throws(ONNXError) {
      guard !name.isEmpty, names.insert(name).inserted else {
        throw .graph(
          "the value '\(name.excerpt)' is there twice, or without a name; export the file again")
      }
    }
    for tensor in graph.initializer {
      try claim(tensor.name)
      constants[tensor.name] = tensor
    }
    for tensor in graph.sparseInitializer {
      try claim(tensor.values.name)
      sparse[tensor.values.name] = tensor
    }
    (initializers, sparseInitializers) = (constants, sparse)
    // Files of before IR 4 list constants among the inputs.
    let inputs = graph.input.filter { !names.contains($0.name) }
    guard inputs.count == 1, graph.output.count == 1 else {
      func listed(_ values: [Onnx_ValueInfoProto]) -> String {
        let some = values.prefix(4).map { "'\($0.name.excerpt)'" }.joined(separator: ", ")
        return values.count > 4 ? some + ", …" : some
      }
      throw .graph(
        "the graph has \(counted(inputs.count, "input")) (\(listed(inputs))) and "
          + "\(counted(graph.output.count, "output")) (\(listed(graph.output))); \(Self.advice)")
    }
    input = try Self.input(inputs[0])
    output = graph.output[0].name
    try claim(input.name)
    var producers: [String: Int] = [:]
    for (index, node) in graph.node.enumerated() {
      for name in node.output where !name.isEmpty {
        try claim(name)
        producers[name] = index
      }
    }
    let needed = Self.needed(for: output, graph.node, producers)
    var nodes: [ONNXNode] = []
    for index in needed { nodes.append(try ONNXNode(graph.node[index])) }
    self.nodes = nodes
    uses = nodes.reduce(into: [output: 1]) { uses, node in
      for name in node.inputs { uses[name, default: 0] += 1 }
    }
  }

  /// The nodes that `output` depends on, in the order of the file.
  private static func needed(
    for output: String, _ nodes: [Onnx_NodeProto], _ producers: [String: Int]
  ) -> [Int] {
    var found: Set<Int> = []
    var open = [output]
    while let name = open.popLast() {
      if let index = producers[name], found.insert(index).inserted { open += nodes[index].input }
    }
    return found.sorted()
  }

  private static func input(_ info: Onnx_ValueInfoProto) throws(ONNXError) -> Input {
    let name = "the input '\(info.name.excerpt)'"
    guard case .tensorType(let type)? = info.type.value else {
      throw .graph("\(name) is no tensor; export the network with an input of [batch, features]")
    }
    guard ONNXTensor.ElementType(rawValue: type.elemType)?.floating != nil else {
      throw .graph(
        "\(name) takes no floating-point numbers; export the network with an input of FLOAT")
    }
    guard type.hasShape else { return Input(name: info.name, batch: nil, dimensions: nil) }
    var lengths: [Int?] = []
    for (axis, dimension) in type.shape.dim.enumerated() {
      switch dimension.value {
      case .dimValue(let length)? where length > 0 && length <= ONNXTensor.mostWidth:
        lengths.append(Int(length))
      case .dimValue(let length)? where axis > 0 || length < 0:
        throw .graph(
          "\(name) has the length \(length) in dimension \(axis); allowed are 1 to "
            + "\(ONNXTensor.mostWidth)")
      case .dimParam(let text)? where axis > 0:
        throw .graph(
          "\(name) has the length '\(text.excerpt)' in dimension \(axis), and only the first, that of "
            + "the samples, may be open; export it with a number there")
      case nil where axis > 0:
        throw .graph("\(name) has no length in dimension \(axis); export it with a number there")
      default: lengths.append(nil)
      }
    }
    guard lengths.count > 1 else {
      throw .graph(
        "\(name) has \(counted(lengths.count, "dimension")); export the network with an input of "
          + "[batch, features]")
    }
    return Input(
      name: info.name, batch: lengths[0], dimensions: lengths.dropFirst().compactMap { $0 })
  }

  /// The constant `name`; nil for what is none.
  /// - Throws: `ONNXError.tensor` for one that cannot be read.
  mutating func constant(_ name: String) throws(ONNXError) -> ONNXTensor? {
    if let tensor = initializers[name] {
      return try ONNXTensor(tensor, name: name, files: &files)
    }
    if let tensor = sparseInitializers[name] {
      return try ONNXTensor(sparse: tensor, files: &files)
    }
    return nil
  }

  /// The value of a node that is a constant.
  mutating func constant(of node: ONNXNode) throws(ONNXError) -> ONNXTensor {
    if let tensor = node.tensor("value") {
      return try ONNXTensor(tensor, name: node.outputs.first ?? "", files: &files)
    }
    guard let plain = try node.plainConstant() else {
      throw node.fails("holds something else than a tensor or numbers; export the file again")
    }
    return plain
  }

  /// SHA-256 of the files beside this one that were read, by their names.
  var digests: [String: String] { files.digests }
}
