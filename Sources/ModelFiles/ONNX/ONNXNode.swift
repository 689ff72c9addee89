import ONNXSchema

/// A node of an ONNX file with its attributes by name.
struct ONNXNode {
  let name: ONNXNodeName
  let operation: ONNXOperator
  /// Names of values; a trailing input that is left out may be empty.
  let inputs: [String]
  let outputs: [String]
  private let attributes: [String: Onnx_AttributeProto]

  /// - Throws: `ONNXError.operation` for one that no fully-connected network has.
  init(_ node: Onnx_NodeProto) throws(ONNXError) {
    let isOwn = ["", "ai.onnx"].contains(node.domain)
    name = ONNXNodeName(node)
    guard isOwn, let operation = ONNXOperator(rawValue: node.opType) else { throw .operation(name) }
    self.operation = operation
    // What is left out at the end may be named as empty.
    inputs = Array(node.input.reversed().drop { $0.isEmpty }.reversed())
    outputs = node.output
    var attributes: [String: Onnx_AttributeProto] = [:]
    for attribute in node.attribute {
      guard attribute.refAttrName.isEmpty, attributes[attribute.name] == nil else {
        throw .node(name, "has an attribute '\(attribute.name.excerpt)' that is not its own")
      }
      attributes[attribute.name] = attribute
    }
    self.attributes = attributes
  }

  /// The node's error with `problem`, a clause that goes on from its name.
  func fails(_ problem: String) -> ONNXError { .node(name, problem) }

  /// Whether there is an attribute `name`.
  func has(_ name: String) -> Bool { attributes[name] != nil }

  /// The whole number `name`, or what stands for it where it is left out.
  func integer(_ name: String, _ usual: Int) -> Int {
    attributes[name].map { Int($0.i) } ?? usual
  }

  /// The whole numbers `name`; nil where they are left out.
  func integers(_ name: String) -> [Int]? { attributes[name].map { $0.ints.map { Int($0) } } }

  /// The number `name`, or what stands for it where it is left out.
  /// - Throws: `ONNXError.node` for one that is not finite.
  func number(_ name: String, _ usual: Float) throws(ONNXError) -> Float {
    let value = attributes[name]?.f ?? usual
    guard value.isFinite else { throw fails("has \(name) = \(value), which is not finite") }
    return value
  }

  /// The text `name`; empty where it is left out.
  func text(_ name: String) -> String {
    attributes[name].map { String(decoding: $0.s, as: UTF8.self) } ?? ""
  }

  /// The tensor that the attribute `name` holds.
  func tensor(_ name: String) -> Onnx_TensorProto? {
    attributes[name].flatMap { $0.hasT ? $0.t : nil }
  }

  /// The numbers that a Constant holds without a tensor; nil for others.
  /// - Throws: `ONNXError.node` for one that is not finite.
  func plainConstant() throws(ONNXError) -> ONNXTensor? {
    if has("value_float") {
      return ONNXTensor(shape: [], values: .floats([try number("value_float", 0)]))
    }
    if let floats = attributes["value_floats"]?.floats {
      guard floats.allSatisfy(\.isFinite) else { throw fails("holds a number that is not finite") }
      return ONNXTensor(shape: [floats.count], values: .floats(floats))
    }
    if has("value_int") {
      return ONNXTensor(shape: [], values: .integers([integer("value_int", 0)]))
    }
    return integers("value_ints").map { ONNXTensor(shape: [$0.count], values: .integers($0)) }
  }
}

extension ONNXNodeName {
  /// The name of a node.
  init(_ node: Onnx_NodeProto) {
    let isOwn = ["", "ai.onnx"].contains(node.domain)
    self.init(
      name: node.name, type: isOwn ? node.opType : "\(node.domain).\(node.opType)",
      output: node.output.first ?? "")
  }
}
