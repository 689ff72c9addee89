import Engine
import ModelFiles
import ONNXSchema
import SwiftProtobuf

/// ONNX files for tests.
enum ONNXFixture {
  /// A tensor of FLOAT in raw data; values count up from 1 in steps of a quarter unless they are given.
  static func tensor(
    _ name: String, _ shape: [Int], _ values: [Float]? = nil
  ) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map { Int64($0) }
    tensor.dataType = 1
    let values = values ?? (0..<shape.reduce(1, *)).map { 1 + Float($0) / 4 }
    tensor.rawData = .init(TensorValues.bytes(values))
    return tensor
  }

  /// Whole numbers, such as a shape.
  static func numbers(_ name: String, _ values: [Int64]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = 7
    tensor.int64Data = values
    return tensor
  }

  /// A node that is called `type` in small letters.
  static func node(
    _ type: String, _ inputs: [String], _ output: String, integers: [String: Int64] = [:],
    numbers: [String: Float] = [:]
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = type
    node.name = type.lowercased()
    node.input = inputs
    node.output = [output]
    for (name, value) in integers.sorted(by: { $0.key < $1.key }) {
      var attribute = Onnx_AttributeProto()
      (attribute.name, attribute.i, attribute.type) = (name, value, 2)
      node.attribute.append(attribute)
    }
    for (name, value) in numbers.sorted(by: { $0.key < $1.key }) {
      var attribute = Onnx_AttributeProto()
      (attribute.name, attribute.f, attribute.type) = (name, value, 1)
      node.attribute.append(attribute)
    }
    return node
  }

  /// The description of an input or output; nil stands for a length called "n".
  static func value(_ name: String, _ lengths: [Int?]) -> Onnx_ValueInfoProto {
    var info = Onnx_ValueInfoProto()
    info.name = name
    info.type.tensorType.elemType = 1
    info.type.tensorType.shape.dim = lengths.map { length in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let length { dimension.dimValue = Int64(length) } else { dimension.dimParam = "n" }
      return dimension
    }
    return info
  }

  /// A file whose graph leads from `x`, of 3 columns unless stated, to `y`.
  static func model(
    _ nodes: [Onnx_NodeProto], _ tensors: [Onnx_TensorProto], input: [Int?] = [nil, 3],
    opset: Int64 = 17
  ) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "test"
    var operators = Onnx_OperatorSetIdProto()
    operators.version = opset
    model.opsetImport = [operators]
    model.graph.name = "test"
    model.graph.node = nodes
    model.graph.initializer = tensors
    model.graph.input = [value("x", input)]
    model.graph.output = [value("y", [nil, 2])]
    return model
  }

  /// A layer of 3 inputs and 2 outputs.
  static var layer: Onnx_ModelProto {
    model([node("Gemm", ["x", "w", "b"], "y", integers: ["transB": 1])], weights)
  }

  /// The tensors of that layer: w of [2, 3] and b of [2].
  static var weights: [Onnx_TensorProto] {
    [tensor("w", [2, 3], [1, 2, 3, 4, 5, 6]), tensor("b", [2], [10, 20])]
  }

  /// What reading the file of `model` gives.
  static func read(
    _ model: Onnx_ModelProto, path: String = "m.onnx"
  ) throws -> FileModel {
    try ModelFormats.read(model.serializedBytes(), path: path, activation: nil)
  }

  /// The error that reading it ends in; nil where it ends well.
  static func complaint(_ model: Onnx_ModelProto, path: String = "m.onnx") -> String? {
    do {
      _ = try read(model, path: path)
      return nil
    } catch {
      return "\(error)"
    }
  }
}
