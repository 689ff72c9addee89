import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import ONNXSchema
import Storage
import SwiftProtobuf
import Testing

@Suite("ONNX files as they are written")
struct ONNXWritingTests {
  private func file(_ export: ModelExport) throws -> Onnx_ModelProto {
    try Onnx_ModelProto(serializedBytes: ONNXFormat().bytes(of: export))
  }

  @Test(
    "a network comes back with every bit, its masks and its classes",
    arguments: Activation.allCases)
  func roundTrip(activation: Activation) throws {
    var draws = Draws(seed: 17)
    let network = draws.network([5, 4, 4, 3], activation, densities: [0.5, 2, 0.3])
    let state = ModelState(
      network: network, classes: ["a", "ü", "c"],
      interface: ModelInterface(
        inputs: (0..<5).map { .init(name: "i\($0)", position: $0) },
        targets: [.init(name: "t", position: 5)], loss: .crossEntropy()))
    let bytes = try ONNXFormat().bytes(of: ModelExport(state))
    #expect(try ONNXFormat().bytes(of: ModelExport(state)) == bytes)
    let read = try ModelFormats.read(bytes, path: "m", activation: nil)
    #expect(read.state == state)
    #expect(read.saysTask && read.units == .raw && read.notes.isEmpty)
  }

  @Test("slopes a unit, live zeros and masks that other zeros hide come back")
  func exact() throws {
    let mask = try #require(Mask(rows: 2, columns: 3, bytes: [0b101101]))
    let state = ModelState(
      network: Network(layers: [
        DenseLayer(
          name: "hidden1", weights: Matrix(rows: 2, columns: 3, [1, 0, 0, 4, 0, 6]), bias: [1, 2],
          activation: .prelu, unitSlopes: [0.5, -0.25], mask: mask),
        DenseLayer(
          name: "output", weights: Matrix(rows: 1, columns: 2, [0, 1]), bias: [0],
          activation: .identity),
      ]))
    let bytes = try ONNXFormat().bytes(of: ModelExport(state, saysTask: false))
    let read = try ModelFormats.read(bytes, path: "m", activation: nil)
    #expect(read.state == state && !read.saysTask)
  }

  @Test("names, version, metadata and the open number of samples are what readers expect")
  func content() throws {
    var draws = Draws(seed: 5)
    let state = ModelState(
      network: draws.network([3, 2, 2], .gelu, densities: [2]), classes: ["a", "b"])
    let origin = ModelOrigin(sha256: "ab", lineage: ["engine": 1])
    let model = try file(ModelExport(state, origin: origin))
    #expect(model.irVersion == 7 && model.opsetImport.map(\.version) == [13])
    #expect(model.producerName == "ecpipe")
    #expect(
      model.graph.node.map(\.opType) == ["Gemm", "Div", "Erf", "Add", "Mul", "Mul", "Gemm"])
    #expect(
      model.graph.initializer.map(\.name) == [
        "hidden1.weight", "hidden1.bias", "gelu.sqrt2", "gelu.one", "gelu.half", "output.weight",
        "output.bias",
      ])
    let lengths = model.graph.input[0].type.tensorType.shape.dim
    #expect(lengths[0].dimParam == "batch" && lengths[1].dimValue == 3)
    #expect(model.metadataProps.map(\.key) == ["ecpipe", "classes", "source_sha256", "lineage"])
    #expect(
      model.metadataProps.map(\.value).dropFirst() == [#"["a","b"]"#, "ab", #"{"engine":1}"#])
  }

  @Test("scales of inputs and targets are folded in")
  func scaling() throws {
    let network = Network(layers: [
      DenseLayer(
        name: "output", weights: Matrix(rows: 1, columns: 2, [2, 4]), bias: [1],
        activation: .identity)
    ])
    let state = ModelState(
      network: network, inputScaling: AffineScaling(shift: [1, 0], scale: [0.5, 2]),
      targetScaling: AffineScaling(shift: [10], scale: [0.25]))
    let bytes = try ONNXFormat().bytes(of: ModelExport(state))
    let layer = try ModelFormats.read(bytes, path: "m", activation: nil).state.network.layers[0]
    // y = 4 (2 (x₀ − 1) / 2 + 4 · 2 x₁ + 1) + 10.
    #expect(layer.weights.elements == [4, 32] && layer.bias == [10])
  }

  @Test("what is beyond protocol buffers, or cannot be folded, is refused before it is made")
  func obstacles() throws {
    let layer = DenseLayer(
      name: "output", weights: Matrix(rows: 1, columns: 2, [2, 4]), bias: [1], activation: .tanh)
    let state = ModelState(
      network: Network(layers: [layer]), targetScaling: AffineScaling(shift: [1], scale: [1]))
    #expect(ONNXFormat().obstacle(to: state)?.hasPrefix("layer 'output' ends in tanh") == true)
    #expect(throws: ModelFileError.self) { try ONNXFormat().bytes(of: ModelExport(state)) }
  }

  @Test("weights that somebody changed after the file was written are no longer what it says")
  func changed() throws {
    var draws = Draws(seed: 6)
    let state = ModelState(network: draws.network([4, 3, 2], densities: [0.5]))
    var model = try file(ModelExport(state))
    model.graph.initializer[0].rawData = .init(
      TensorValues.bytes(Array(repeating: 1, count: 12)))
    #expect(
      ONNXFixture.complaint(model)
        == "what the file says of itself in metadata_props[\"ecpipe\"] does not hold (the mask of node "
        + "'hidden1' (Gemm) is not that of its weights): its weights were changed after it was written; "
        + "remove that entry and read it as any other file")
    model.metadataProps.removeFirst()
    #expect(try ONNXFixture.read(model).state.network.layers[0].mask == nil)
  }
}
