import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import TestSupport
import Testing

@Suite("State dicts")
struct StateDictTests {
  /// What PyTorch makes of the golden files; see `make_state_dict_golden.py`.
  private struct Golden: Decodable {
    struct Case: Decodable {
      let activation: String?
      let inputs: [[Float]]
      let outputs: [[Double]]
    }
    let cases: [String: Case]
  }

  private func encode(_ state: ModelState) throws -> [UInt8] {
    try StateDictFormat().bytes(of: ModelExport(state))
  }

  private func file(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: GoldenFile.url("statedicts/\(name).safetensors")))
  }

  @Test(
    "files of PyTorch give PyTorch's outputs",
    arguments: [
      "prelu-f32", "gelu-f64", "relu-f16", "silu-bf16", "tanh-deep", "pruned-f32", "slopes",
    ])
  func outputs(name: String) throws {
    let golden = try GoldenFile.load("statedicts/state-dicts.json", as: Golden.self)
    let expected = try #require(golden.cases[name])
    // The slopes of one of them, a number a unit, stand under a number.
    let stated = expected.activation.flatMap(Activation.init(rawValue:))
    let activation = name == "slopes" ? .prelu : stated
    let network = try StateDict(file(name)).network(activation: activation)
    let predictor = Predictor(network, pool: WorkerPool(threadCount: 1))
    let inputs = Matrix(
      rows: expected.inputs.count, columns: expected.inputs[0].count,
      Array(expected.inputs.joined()))
    let outputs = predictor.outputs(for: inputs).elements
    for (output, value) in zip(outputs, expected.outputs.joined()) {
      // Some dozen roundings of Float32 on values around 1.
      #expect(abs(Double(output) - value) < 1e-6)
    }
  }

  @Test(
    "files of PyTorch with other modules name the tensor",
    arguments: [
      ("convolution", "tensor '0.weight' has the shape [2, 1, 3, 3]"),
      ("norm", "'1' is a BatchNorm; fold it into the Linear before it"),
    ])
  func refused(name: String, message: String) throws {
    let complaint = try #require(StateDictFixture.complaint(file(name)))
    #expect(complaint.hasPrefix(message))
  }

  @Test("every truncation, and a flip of every bit of the header, is an error or another network")
  func damage() throws {
    let file = try file("prelu-f32")
    for count in 0..<file.count {
      #expect(throws: StateDictError.self) { try StateDict(Array(file[..<count])) }
    }
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    for index in 0..<header.dataStart {
      for bit in 0..<8 {
        var flipped = file
        flipped[index] ^= 1 << UInt8(bit)
        // Reading must not trap; some flips still name the tensors of a network.
        _ = try? StateDict(flipped).network(activation: .relu)
      }
    }
  }

  private static let plain: [(name: String, shape: [Int])] = [
    ("net.0.weight", [2, 3]), ("net.0.bias", [2]), ("net.2.weight", [1, 2]), ("net.2.bias", [1]),
  ]

  @Test("an activation is asked for where the file does not say it")
  func activation() throws {
    let silent = try StateDict(StateDictFixture.file(Self.plain))
    #expect(silent.classes == nil)
    #expect(try silent.network(activation: .gelu).layers.map(\.activation) == [.gelu, .identity])
    #expect {
      try silent.network(activation: nil)
    } throws: { error in
      "\(error)"
        == "the file does not say which activation follows hidden1; say it (--activation, or "
        + "activation beside start), one of: identity, relu, leaky_relu, tanh, sigmoid, gelu, silu, "
        + "softplus"
    }
    #expect(throws: StateDictError.slopeMissing(layer: "hidden1")) {
      try silent.network(activation: .prelu)
    }
    let prelu = try StateDict(file("prelu-f32"))
    let network = try prelu.network(activation: nil)
    #expect(network.layers.map(\.activation) == [.prelu, .prelu, .identity])
    #expect(network.layers.map(\.slope)[0..<2] == [0.25, 0.1])
    #expect(prelu.saysActivations && !silent.saysActivations)
  }

  @Test("a slope behind one layer only leaves the others to be said")
  func mixed() throws {
    let dict = try StateDict(
      StateDictFixture.file([
        ("0.weight", [2, 3]), ("1.weight", [1]), ("2.weight", [2, 2]), ("4.weight", [1, 2]),
      ]))
    #expect(throws: StateDictError.activationUnknown(layers: ["hidden2"])) {
      try dict.network(activation: nil)
    }
    #expect(
      try dict.network(activation: .relu).layers.map(\.activation) == [.prelu, .relu, .identity])
  }

  @Test("slopes, one a unit, are read, and written back and exported as they came")
  func unitSlopes() throws {
    let dict = try StateDict(file("slopes"))
    // By its name it could be a normalization.
    for activation in [nil, Activation.relu] {
      #expect(throws: StateDictError.tensor("1.weight", .slopeUnclear)) {
        try dict.network(activation: activation)
      }
    }
    let network = try dict.network(activation: .prelu)
    #expect(network.layers[0].unitSlopes == [0.5, -0.25, 0, 2])
    #expect(network.layers[1].unitSlopes == [] && network.hasUnitSlopes)
    #expect(try StateDict(dict.bytes(of: network, classes: [])).network(activation: nil) == network)
    let export = try encode(ModelState(network: network))
    #expect(try StateDict(export).network(activation: nil) == network)
  }

  @Test(
    "a number a unit is no slope where the name is that of a normalization",
    arguments: [
      "ln.weight", "norm1.weight", "block.rms.weight", "gain.weight", "layer_norm.0.weight",
    ])
  func normalizations(name: String) throws {
    let file = try StateDictFixture.file([
      ("0.weight", [4, 3]), (name, [4]), ("2.weight", [1, 4]),
    ])
    #expect(throws: StateDictError.foreign(.gain(weight: name))) { try StateDict(file) }
  }

  @Test("a number a unit is a slope where the name is that of a PReLU")
  func namedSlopes() throws {
    for name in ["act1.weight", "prelu.weight", "0.activation.weight"] {
      let file = try StateDictFixture.file([
        ("fc1.weight", [4, 3]), (name, [4]), ("fc2.weight", [1, 4]),
      ])
      #expect(try StateDict(file).network(activation: nil).layers[0].activation == .prelu)
    }
  }

  @Test(
    "parametrizations are named, whichever of their tensors comes first",
    arguments: [
      ["fc1.parametrizations.weight.original0", "fc1.parametrizations.weight.original1"],
      ["fc1.parametrizations.weight.0._u", "fc1.parametrizations.weight.original"],
    ])
  func parametrized(names: [String]) throws {
    let file = try StateDictFixture.file(
      [("fc1.bias", [4])] + names.map { ($0, [4, 1]) } + [("fc2.weight", [1, 4])])
    #expect(throws: StateDictError.foreign(.weightNorm(path: "fc1"))) { try StateDict(file) }
  }

  @Test("zeros are live weights where the file says nothing of masks")
  func zeros() throws {
    let network = try StateDict(
      StateDictFixture.file([("0.weight", [2, 2], [0, 1, 0, 0]), ("0.bias", [2], [0, 0])])
    ).network(activation: nil)
    #expect(network.layers[0].mask == nil && network.remaining == 4)
  }

  @Test("an export reads back with its masks, live zeros among them")
  func export() throws {
    var draws = Draws(seed: 8)
    var network = draws.network(
      [6, 5, 4, 3], .prelu, densities: [0.5, 2, 0.3])
    let live = try #require((0..<30).first { network.layers[0].mask?[$0] == true })
    network.layers[0].weights[live / 6, live % 6] = 0
    let file = try encode(
      ModelState(network: network, classes: ["a", "b", "c"]))
    let dict = try StateDict(file)
    #expect(dict.classes == ["a", "b", "c"])
    #expect(try dict.network(activation: nil) == network)
    #expect(
      try SafetensorsHeader(fileStart: file, fileSize: file.count).metadata["ecpipe"]?.stringValue?
        .contains(#"null,"zeros"]"#) == true)
  }

  @Test("tensors that were changed behind the metadata are noticed")
  func changed() throws {
    var draws = Draws(seed: 8)
    let network = draws.network([6, 5, 3], .relu, densities: [0.5, 2])
    var file = try encode(ModelState(network: network))
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    let start = header.dataStart + header.tensors[0].range.lowerBound
    let pruned = try #require((0..<30).first { network.layers[0].mask?[$0] == false })
    file[start + 4 * pruned + 3] = 0x3f
    let dict = try StateDict(file)
    #expect {
      try dict.network(activation: nil)
    } throws: { error in
      "\(error)"
        == "the metadata \"ecpipe\" do not fit the tensors (the mask of hidden1 is not that of its "
        + "weights); export the network again, or write the file without these metadata"
    }
  }

  @Test(
    "metadata that are no export's are refused",
    arguments: [
      "no JSON", "{}", #"{"format":3}"#,
      #"{"format":1,"activations":["relu","identity"],"slopes":[null,null],"classes":[]}"#,
      #"{"format":3,"activations":["relu"],"slopes":[null],"classes":[]}"#,
      #"{"format":3,"activations":["relux","identity"],"slopes":[null,null],"classes":[]}"#,
      #"{"format":3,"activations":["relu","tanh"],"slopes":[null,null],"classes":[]}"#,
      #"{"format":3,"activations":["prelu","identity"],"slopes":[0.1,null],"classes":[]}"#,
      #"{"format":3,"activations":["leaky_relu","identity"],"slopes":[1e99,null],"classes":[]}"#,
      #"{"activations":["relu","identity"],"classes":[],"format":3,"masks":["0g",null],"slopes":[null,null],"weights":[1,null]}"#,
      #"{"activations":["relu","identity"],"classes":[],"format":3,"masks":["zeros",null],"slopes":[null,null],"weights":[-1,null]}"#,
      #"{"activations":["relu","identity"],"classes":[],"format":3,"masks":["ff",null],"slopes":[null,null],"weights":[8,null]}"#,
    ])
  func foreign(text: String) throws {
    let file = try StateDictFixture.file(
      Self.plain, metadata: ["format": "pt", "ecpipe": .string(text)])
    #expect {
      _ = try StateDict(file).network(activation: nil)
    } throws: { error in
      if case StateDictError.description = error { true } else { false }
    }
  }

  @Test("an export that says nothing of masks is dense")
  func earlier() throws {
    let text = #"{"format":3,"activations":["relu","identity"],"slopes":[null,null],"classes":[]}"#
    let dict = try StateDict(
      StateDictFixture.file(Self.plain, metadata: ["format": "pt", "ecpipe": .string(text)]))
    #expect(dict.classes == [])
    #expect(try dict.network(activation: nil).layers.map(\.activation) == [.relu, .identity])
  }

  @Test("a network goes back under the names it came with, and its metadata stay")
  func written() throws {
    let source = try StateDictFixture.file(Self.plain, metadata: ["format": "pt", "made_by": "me"])
    let dict = try StateDict(source)
    var network = try dict.network(activation: .tanh)
    var mask = Mask(rows: 2, columns: 3)
    for index in [0, 4] { mask.remove(index) }
    network.layers[0].apply(mask)
    network.layers[1].bias = [-7]
    let file = try dict.bytes(of: network, classes: nil)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    #expect(header.tensors.map(\.name) == Self.plain.map(\.name))
    #expect(header.tensors.map(\.shape) == Self.plain.map(\.shape))
    #expect(header.tensors.allSatisfy { $0.type == .f32 })
    #expect(header.metadata["made_by"] == "me")
    let again = try StateDict(file)
    #expect(again.classes == nil)
    #expect(try again.network(activation: nil) == network)
    #expect(try again.bytes(of: network, classes: nil) == file)
  }

  @Test("a bias that the file has no tensor for is an error, zeros are none")
  func noBias() throws {
    let dict = try StateDict(StateDictFixture.file([("0.weight", [2, 3]), ("2.weight", [1, 2])]))
    var network = try dict.network(activation: .relu)
    #expect(try dict.bytes(of: network, classes: []).count > 0)
    network.layers[1].bias = [0.5]
    #expect {
      try dict.bytes(of: network, classes: [])
    } throws: { error in
      "\(error)"
        == "output ('2.weight') has no bias, and compensation shifts biases; write the network with "
        + "bias=True (zeros will do)"
    }
  }

  @Test("values that are not finite, and types that are not read, name their tensor")
  func values() throws {
    let infinite = try StateDictFixture.file([("0.weight", [1, 2], [1, .infinity])])
    #expect(
      StateDictFixture.complaint(infinite)
        == "tensor '0.weight' holds at element 1 a value that is not finite in 32 bits; correct it")
    let header = try SafetensorsHeader(placing: [("0.weight", .i32, [1, 2])], metadata: [:])
    #expect(
      StateDictFixture.complaint(header.bytes + [UInt8](repeating: 0, count: 8))
        == "tensor '0.weight' has elements of type I32; supported are F32, F64, F16, BF16")
  }
}
