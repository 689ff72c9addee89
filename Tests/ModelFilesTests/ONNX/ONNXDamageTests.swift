import Foundation
import ModelFiles
import NeuralNetworks
import ONNXSchema
import TestSupport
import Testing

@Suite("ONNX files that are damaged, hostile, or of other networks")
struct ONNXDamageTests {
  private typealias Fixture = ONNXFixture

  /// The layer with one thing changed.
  private func changed(_ change: (inout Onnx_ModelProto) -> Void) -> String? {
    var model = ONNXFixture.layer
    change(&model)
    return ONNXFixture.complaint(model)
  }

  @Test("every truncation, and a flip of every bit, is an error or another network")
  func damage() throws {
    let file: [UInt8] = try ONNXFixture.layer.serializedBytes()
    for count in 0..<file.count {
      // What ends between two fields may be a smaller file, which has no layer.
      #expect(throws: ModelFileError.self) {
        try ModelFormats.read(Array(file[..<count]), path: "m.onnx", activation: nil)
      }
    }
    for index in file.indices {
      for bit in 0..<8 {
        var flipped = file
        flipped[index] ^= 1 << UInt8(bit)
        _ = try? ModelFormats.read(flipped, path: "m.onnx", activation: nil)
      }
    }
  }

  @Test("what cannot be a field is damage, and says where")
  func fields() {
    func damage(_ bytes: [UInt8]) -> ModelFileError? {
      #expect(throws: ModelFileError.self) {
        try ModelFormats.read(bytes, path: "m.onnx", activation: nil)
      }
    }
    let start: [UInt8] = [0x08, 0x08]
    for (bytes, problem) in [
      ([], "it is empty"), (start + [0x3a, 5, 1], "it ends inside a field (byte 4 of 5)"),
      (start + [0x3b], "there is no field at byte 3"),
      (start + [0x3a, 0xff], "it ends inside a number (byte 4 of 4)"),
      (start + Array(repeating: 0xff, count: 12), "a number of more than ten bytes (byte 12)"),
    ] as [([UInt8], String)] {
      #expect(
        damage(bytes)
          == .damaged(
            reason: "the ONNX file is damaged: \(problem); copy or export it again"))
    }
    // 2 bytes each, which would be some hundred in memory.
    let nodes = Array(repeating: [0x0a, 0] as [UInt8], count: 300_000).flatMap { $0 }
    let length: [UInt8] = [0xc0, 0xcf, 0x24]
    #expect(
      damage(start + [0x3a] + length + nodes)
        == .unsupported("the file has more than 200000 fields; use a smaller network"))
  }

  @Test("a tensor is what its shape and type say, before anything is made of it")
  func tensors() {
    let expected: [(String, (inout Onnx_TensorProto) -> Void)] = [
      ("has 24 bytes, and its shape [2, 4] needs 32; export the file again", { $0.dims = [2, 4] }),
      ("has the length -3 in its shape; allowed are 0 to 1000000", { $0.dims = [2, -3] }),
      (
        "has the length 9223372036854775807 in its shape; allowed are 0 to 1000000",
        { $0.dims = [.max, 3] }
      ),
      (
        "has elements of type INT8; supported are FLOAT, DOUBLE, FLOAT16 and BFLOAT16, so export the "
          + "network in 32 bits and not quantized", { $0.dataType = 3 }
      ),
      (
        "holds at element 1 a value that is not finite in 32 bits; correct it",
        { $0.rawData = .init(TensorValues.bytes([0, .nan, 0, 0, 0, 0])) }
      ),
      (
        "has 0 elements, and its shape [2, 3] needs 6; export the file again", { $0.clearRawData() }
      ),
    ]
    for (message, change) in expected {
      #expect(changed { change(&$0.graph.initializer[0]) } == "tensor 'w' " + message)
    }
    #expect(
      changed { $0.graph.initializer[0].dims = [1_000_000, 1_000_000, 1_000_000, 1_000_000] }
        == "tensor 'w' has the shape [1000000, 1000000, 1000000, 1000000]; use a smaller network")
    let dense = changed { model in
      var sparse = Onnx_SparseTensorProto()
      sparse.values = model.graph.initializer.removeFirst()
      sparse.dims = [1_000_000, 1_000_000]
      model.graph.sparseInitializer = [sparse]
    }
    #expect(dense?.hasPrefix("reading it takes at least 15258790 MiB of memory, ") == true)
  }

  @Test("only a plain file beside the ONNX file holds its values")
  func external() throws {
    let folder = try TemporaryFolder()
    try folder.write(TensorValues.bytes([0, 1, 2, 3, 4, 5, 6]), to: "values.bin")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link.bin"), withDestinationPath: folder.file("values.bin"))
    func complaint(_ location: String, offset: String = "4", length: String = "24") -> String? {
      var model = ONNXFixture.layer
      model.graph.initializer[0].clearRawData()
      model.graph.initializer[0].dataLocation = 1
      model.graph.initializer[0].externalData = [
        ("location", location), ("offset", offset), ("length", length),
      ].map { key, value in
        var entry = Onnx_StringStringEntryProto()
        (entry.key, entry.value) = (key, value)
        return entry
      }
      return ONNXFixture.complaint(model, path: folder.file("m.onnx"))
    }
    #expect(complaint("values.bin") == nil)
    for outside in ["../values.bin", folder.file("values.bin"), "..", ".", "", "a/values.bin"] {
      #expect(
        complaint(outside)
          == "tensor 'w' lies in '\(outside.prefix(80))', and only a file in the folder of the ONNX file "
          + "itself is read; move it there and export again")
    }
    #expect(complaint("link.bin")?.hasSuffix("which is a link; put the file itself there") == true)
    #expect(complaint("none.bin")?.hasSuffix("is not beside the ONNX file; copy it there") == true)
    #expect(
      complaint("values.bin", offset: "8")
        == "tensor 'w' ends behind the 28 bytes of 'values.bin'; copy that file again, or export both"
    )
    for offset in ["-4", "x", "9223372036854775808"] {
      #expect(
        complaint("values.bin", offset: offset)
          == "tensor 'w' begins nowhere in 'values.bin'; export the file again")
    }
    #expect(complaint("values.bin", offset: "9223372036854775807")?.contains("ends behind") == true)
    #expect(
      complaint("values.bin", length: "28")
        == "tensor 'w' has 28 bytes in 'values.bin', and its shape needs 24; export the file again")
  }

  @Test("a graph has one input and one output, and lengths that are numbers but for the samples")
  func inputs() {
    #expect(
      changed { $0.graph.input.append(ONNXFixture.value("z", [nil, 3])) }
        == "the graph has 2 inputs ('x', 'z') and 1 output ('y'); a fully-connected network has one of "
        + "each; export its raw outputs alone")
    #expect(
      changed { $0.graph.output = [] }?.hasPrefix("the graph has 1 input ('x') and 0") == true)
    #expect(
      changed { $0.graph.input[0] = ONNXFixture.value("x", [nil, nil]) }
        == "the input 'x' has the length 'n' in dimension 1, and only the first, that of the samples, may "
        + "be open; export it with a number there")
    #expect(
      changed { $0.graph.input[0] = ONNXFixture.value("x", [nil, -3]) }
        == "the input 'x' has the length -3 in dimension 1; allowed are 1 to 1000000")
    #expect(
      changed { $0.graph.input[0] = ONNXFixture.value("x", [3]) }
        == "the input 'x' has 1 dimension; export the network with an input of [batch, features]")
    #expect(
      changed { $0.graph.input[0].type.tensorType.elemType = 7 }
        == "the input 'x' takes no floating-point numbers; export the network with an input of FLOAT"
    )
    #expect(
      changed { $0.opsetImport[0].version = 10 }
        == "the file is of opset 10; supported are 11 to 26, so export it with another opset_version"
    )
    #expect(
      changed { $0.graph.initializer.append($0.graph.initializer[0]) }
        == "the value 'w' is there twice, or without a name; export the file again")
    #expect(
      changed { $0.graph.node = [] }
        == "no layer (Gemm or MatMul) leads from the input to the output")
  }

  @Test("nodes follow one another: no circles, no branches, no other widths")
  func chains() {
    #expect(
      changed { $0.graph.node[0].input[0] = "y" }
        == "node 'gemm' (Gemm) takes 'y', which nothing before it gives: nodes go round in a circle, or are "
        + "out of order; export the file again")
    #expect(
      changed { $0.graph.input[0] = ONNXFixture.value("x", [nil, 4]) }
        == "node 'gemm' (Gemm) takes 3 inputs, and what is below gives 4; export the file again")
    #expect(
      changed { $0.graph.input[0] = ONNXFixture.value("x", [nil, 1, 3]) }
        == "node 'gemm' (Gemm) takes samples of the shape [1, 3], and a layer takes rows; put a Flatten "
        + "before it")
    #expect(
      changed {
        $0.graph.node[0].output = ["h"]
        $0.graph.node.append(ONNXFixture.node("Add", ["h", "x"], "y"))
      }
        == "node 'add' (Add) takes 'x' from before another layer: the graph branches, and a "
        + "fully-connected network is one chain")
    #expect(
      changed {
        $0.graph.node[0].output = ["h"]
        $0.graph.node.append(ONNXFixture.node("Add", ["h", "h"], "a"))
        $0.graph.node.append(ONNXFixture.node("Erf", ["a"], "y"))
      }?.hasPrefix("what follows node 'gemm' (Gemm) is no activation that is known") == true)
    #expect(
      changed { model in
        model.graph.node[0].output = ["v0"]
        for index in 0..<40 {
          model.graph.node.append(
            ONNXFixture.node(
              "Mul", ["v\(index)", "v\(index)"], index == 39 ? "y" : "v\(index + 1)"))
        }
      }?.hasPrefix("node 'mul' (Mul) is part of no activation that is known") == true)
  }

  @Test("what a network here cannot have is said with what to do")
  func unsupported() {
    func behind(_ nodes: Onnx_NodeProto...) -> String? {
      changed {
        $0.graph.node[0].output = ["h"]
        $0.graph.node += nodes
        $0.graph.node[$0.graph.node.count - 1].output = ["y"]
        $0.graph.initializer.append(ONNXFixture.tensor("one", [], [1]))
      }
    }
    #expect(
      behind(ONNXFixture.node("Relu", ["h"], "y"))
        == "the network ends in relu, and nothing follows the last layer here but Softmax, LogSoftmax or "
        + "Sigmoid, which are left out; export it without that")
    #expect(
      behind(ONNXFixture.node("Softmax", ["h"], "s"), ONNXFixture.node("Mul", ["s", "one"], "y"))
        == "node 'mul' (Mul) follows Softmax, which can only be the end; leave both out")
    var approximate = ONNXFixture.node("Gelu", ["h"], "y")
    var attribute = Onnx_AttributeProto()
    (attribute.name, attribute.s) = ("approximate", Data("tanh".utf8))
    approximate.attribute = [attribute]
    #expect(
      behind(approximate)
        == "node 'gelu' (Gelu) is an approximation (tanh), which differs from GELU by up to 0.0005; train "
        + "with the exact one, in PyTorch nn.GELU()")
    var foreign = ONNXFixture.node("Gelu", ["h"], "y")
    (foreign.domain, foreign.name) = ("com.microsoft", "")
    #expect(
      behind(foreign)?.hasPrefix(
        "a node (com.microsoft.Gelu, which gives 'y') is no part of a fully-connected network")
        == true)
    #expect(
      changed {
        $0.graph.node.insert(ONNXFixture.node("Relu", ["x"], "r"), at: 0)
        $0.graph.node[1].input[0] = "r"
      } == "relu comes before the first layer, and activations follow layers here")
  }

  @Test("whole numbers in the place of weights are called so")
  func wholeNumbers() throws {
    var weights = ONNXFixture.numbers("w", [1, 2, 3, 4])
    weights.dims = [2, 2]
    let model = ONNXFixture.model(
      [ONNXFixture.node("Gemm", ["x", "w"], "y")], [weights], input: [nil, 2])
    #expect(
      ONNXFixture.complaint(model)?.contains("whole numbers (INT64 or BOOL) as input 2, 'w'")
        == true)
  }
}
