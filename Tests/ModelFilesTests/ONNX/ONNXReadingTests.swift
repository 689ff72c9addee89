import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import ONNXSchema
import TestSupport
import Testing

@Suite("ONNX files as they are read")
struct ONNXReadingTests {
  /// What PyTorch makes of the golden files; see `make_onnx_golden.py`.
  private struct Golden: Decodable {
    struct Case: Decodable {
      let inputs: [[Float]]
      let outputs: [[Double]]
    }
    let cases: [String: Case]
  }

  private func golden(_ name: String) throws -> FileModel {
    let url = try GoldenFile.url("onnx/\(name).onnx")
    return try ModelFormats.read(
      [UInt8](Data(contentsOf: url)), path: url.path, activation: nil)
  }

  @Test(
    "files of both exporters of PyTorch give PyTorch's outputs",
    arguments: [
      ("norms-old", [Activation.relu, .identity], []), ("norms-new", [.leakyRelu, .identity], []),
      ("gelu-old", [.gelu, .identity], []), ("gelu-new", [.gelu, .identity], []),
      ("softplus-new", [.softplus, .identity], []), ("silu-old", [.silu, .identity], []),
      ("slopes-old", [.prelu, .identity], []),
      ("softmax-old", [.tanh, .identity], ["Softmax at the end is left out"]),
      ("sigmoid-new", [.sigmoid, .identity], ["Sigmoid at the end is left out"]),
      ("external", [.gelu, .identity], []),
    ])
  func outputs(name: String, activations: [Activation], notes: [String]) throws {
    let expected = try #require(
      try GoldenFile.load("onnx/networks.json", as: Golden.self).cases[name])
    let model = try golden(name)
    let network = model.state.network
    #expect(network.layers.map(\.activation) == activations)
    #expect(network.layers.map(\.name) == ["hidden1", "output"])
    #expect(model.notes.count == notes.count)
    #expect(zip(model.notes, notes).allSatisfy { $0.hasPrefix($1) })
    #expect(model.attachments.keys.sorted() == (name == "external" ? ["external.bin"] : []))
    #expect(!model.saysTask && model.saysActivations && model.units == .open)
    let inputs = Matrix(
      rows: expected.inputs.count, columns: 4, Array(expected.inputs.joined()))
    let outputs = Predictor(network, pool: WorkerPool(threadCount: 1)).outputs(for: inputs)
    for (output, value) in zip(outputs.elements, expected.outputs.joined()) {
      // Some dozen roundings of Float32 on values around 1.
      #expect(abs(Double(output) - value) < 2e-6)
    }
  }

  @Test("a convolution is named with its node and with what is supported")
  func convolution() throws {
    #expect {
      try golden("convolution")
    } throws: { error in
      "\(error)".hasPrefix(
        "node '/0/Conv' (Conv) is no part of a fully-connected network; supported are Gemm, MatMul and "
          + "Add, Sub, Mul, Div, BatchNormalization, Relu,")
    }
  }

  private func layer(_ model: Onnx_ModelProto) throws -> DenseLayer {
    let layers = try ONNXFixture.read(model).state.network.layers
    #expect(layers.count == 1)
    return layers[0]
  }

  @Test("a Gemm is alpha A B + beta C, its weights as they are or transposed")
  func gemm() throws {
    var tensors = ONNXFixture.weights
    let plain = try layer(ONNXFixture.layer)
    #expect(plain.weights.elements == [1, 2, 3, 4, 5, 6] && plain.bias == [10, 20])
    tensors[0].dims = [3, 2]
    let turned = try layer(
      ONNXFixture.model(
        [ONNXFixture.node("Gemm", ["x", "w", "b"], "y", numbers: ["alpha": 2, "beta": 0.5])],
        tensors))
    #expect(turned.weights.elements == [2, 6, 10, 4, 8, 12] && turned.bias == [5, 10])
  }

  @Test("numbers before and behind a layer are folded into it, in the order of the nodes")
  func affine() throws {
    let folded = try layer(
      ONNXFixture.model(
        [
          ONNXFixture.node("Sub", ["x", "mean"], "a"), ONNXFixture.node("Div", ["a", "two"], "c"),
          ONNXFixture.node("MatMul", ["c", "w"], "d"), ONNXFixture.node("Add", ["b", "d"], "e"),
          ONNXFixture.node("Mul", ["e", "two"], "f"), ONNXFixture.node("Sub", ["b", "f"], "y"),
        ],
        [
          ONNXFixture.tensor("w", [3, 2], [1, 4, 2, 5, 3, 6]),
          ONNXFixture.tensor("b", [1, 2], [10, 20]), ONNXFixture.tensor("two", [], [2]),
          ONNXFixture.tensor("mean", [3], [1, 0, 2]),
        ]))
    // b − 2 (W (x − m) / 2 + b) = −W x + W m − b.
    #expect(folded.weights.elements == [-1, -2, -3, -4, -5, -6])
    #expect(folded.bias == [7 - 10, 16 - 20])
  }

  @Test("one number for all columns is folded too: a difference, then a quotient")
  func scalars() throws {
    let folded = try layer(
      ONNXFixture.model(
        [
          ONNXFixture.node("Sub", ["x", "one"], "a"), ONNXFixture.node("Div", ["a", "two"], "c"),
          ONNXFixture.node("Gemm", ["c", "w", "b"], "y", integers: ["transB": 1]),
        ],
        [
          ONNXFixture.tensor("w", [2, 3], [1, 2, 3, 4, 5, 6]),
          ONNXFixture.tensor("b", [2], [10, 20]), ONNXFixture.tensor("two", [], [2]),
          ONNXFixture.tensor("one", [], [1]),
        ]))
    // W (x − 1) / 2 + b.
    #expect(folded.weights.elements == [0.5, 1, 1.5, 2, 2.5, 3])
    #expect(folded.bias == [7, 12.5])
  }

  @Test("several sigmoids at the end are no choice of one class")
  func severalSigmoids() throws {
    var nodes = [ONNXFixture.node("Gemm", ["x", "w", "b"], "z", integers: ["transB": 1])]
    let tensors = [
      ONNXFixture.tensor("w", [2, 3], [1, 2, 3, 4, 5, 6]), ONNXFixture.tensor("b", [2], [1, 2]),
    ]
    nodes.append(ONNXFixture.node("Sigmoid", ["z"], "y"))
    let bytes: [UInt8] = try ONNXFixture.model(nodes, tensors).serializedBytes()
    let model = try ModelFormats.read(bytes, path: "m.onnx", activation: nil)
    #expect(model.saysTask && model.state.classes.isEmpty)
  }

  @Test("weights of every type and every field are read", arguments: [1, 10, 11, 16])
  func types(type: Int32) throws {
    var model = ONNXFixture.layer
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    model.graph.initializer[0].clearRawData()
    model.graph.initializer[0].dataType = type
    switch type {
    case 1: model.graph.initializer[0].floatData = values
    case 10: model.graph.initializer[0].int32Data = values.map { Int32(Float16($0).bitPattern) }
    case 11: model.graph.initializer[0].doubleData = values.map { Double($0) }
    default: model.graph.initializer[0].int32Data = values.map { Int32($0.bitPattern >> 16) }
    }
    #expect(try layer(model).weights.elements == values)
    var raw: [UInt8] = []
    for value in values {
      let bits: UInt64
      let size: UInt64
      switch type {
      case 1: (bits, size) = (UInt64(value.bitPattern), 4)
      case 10: (bits, size) = (UInt64(Float16(value).bitPattern), 2)
      case 11: (bits, size) = (Double(value).bitPattern, 8)
      default: (bits, size) = (UInt64(value.bitPattern >> 16), 2)
      }
      for byte in 0..<size { raw.append(UInt8(truncatingIfNeeded: bits >> (8 * byte))) }
    }
    let shape = model.graph.initializer[0].dims
    model.graph.initializer[0] = Onnx_TensorProto()
    model.graph.initializer[0].name = "w"
    model.graph.initializer[0].dims = shape
    model.graph.initializer[0].dataType = type
    model.graph.initializer[0].rawData = Data(raw)
    #expect(try layer(model).weights.elements == values)
  }

  @Test("constants come as nodes, too, transposed, cast and in other shapes")
  func constants() throws {
    var constant = ONNXFixture.node("Constant", [], "v")
    var attribute = Onnx_AttributeProto()
    attribute.name = "value"
    attribute.t = ONNXFixture.tensor("", [6], [1, 2, 3, 4, 5, 6])
    constant.attribute = [attribute]
    let read = try layer(
      ONNXFixture.model(
        [
          constant, ONNXFixture.node("Reshape", ["v", "shape"], "r"),
          ONNXFixture.node("Transpose", ["r"], "t"),
          ONNXFixture.node("Cast", ["t"], "c", integers: ["to": 1]),
          ONNXFixture.node("Identity", ["x"], "i"), ONNXFixture.node("MatMul", ["i", "c"], "y"),
        ], [ONNXFixture.numbers("shape", [2, -1])]))
    #expect(read.weights.elements == [1, 2, 3, 4, 5, 6] && read.bias == [0, 0])
  }

  @Test("nodes that the output does not depend on are not looked at")
  func unused() throws {
    var model = ONNXFixture.layer
    model.graph.node.append(ONNXFixture.node("Conv", ["x", "w"], "z"))
    #expect(try layer(model).bias == [10, 20])
  }

  @Test("a file without the suffix is known by its content; other files are not taken for one")
  func recognized() throws {
    let bytes = try ONNXFixture.layer.serializedBytes() as [UInt8]
    #expect(ONNXFormat().recognizes(bytes, path: "model"))
    let network = try ONNXFixture.read(ONNXFixture.layer).state
    for other in [StateDictFormat()] {
      let file = try other.bytes(of: ModelExport(network))
      #expect(!ONNXFormat().recognizes(file, path: "model"))
    }
  }
}
