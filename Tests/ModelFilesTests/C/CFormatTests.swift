import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import TestSupport
import Testing

@Suite("C sources as a format") struct CFormatTests {
  private func texts(
    _ state: ModelState, _ options: ExportOptions = ExportOptions(), at path: String = "net.c",
    saysTask: Bool = true
  ) throws -> [String: String] {
    let export = ModelExport(
      state, saysTask: saysTask,
      origin: ModelOrigin(sha256: "00ff", lineage: nil, quality: "accuracy 50.00 % on two */ rows"),
      options: options)
    let files = try CFormat().files(of: export, at: path)
    return Dictionary(
      uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
  }

  /// A dense layer, and one in which a bit says where weights are.
  private var small: ModelState {
    let hidden = DenseLayer(
      name: "hidden1", weights: Matrix(rows: 2, columns: 3, [0.5, -1, 1e-5, 0.1, 2, 3]),
      bias: [0.25, -0.125], activation: .leakyRelu)
    var mask = Mask(rows: 2, columns: 2)
    mask.remove(1)
    let output = DenseLayer(
      name: "output", weights: Matrix(rows: 2, columns: 2, [1, 0, -3, 16_777_216]), bias: [0, 1],
      activation: .identity, mask: mask)
    return ModelState(
      network: Network(layers: [hidden, output]), classes: ["größer", "a\"?\\\n"])
  }

  @Test("are those of the golden files")
  func golden() throws {
    let found = try texts(small)
    // ECPIPE_WRITE_GOLDEN=1 writes them anew; whoever does so reads what has changed.
    let folder = try GoldenFile.url("c")
    for name in ["net.c", "net.h"] {
      let url = folder.appendingPathComponent(name)
      if ProcessInfo.processInfo.environment["ECPIPE_WRITE_GOLDEN"] != nil {
        try Data((found[name] ?? "").utf8).write(to: url)
      }
      #expect(try String(contentsOf: url, encoding: .utf8) == found[name])
    }
  }

  @Test("a regression of several targets names its outputs, in a list and as places")
  func targets() throws {
    func state(_ names: [String?]) -> ModelState {
      var state = small
      state.classes = []
      state.interface = ModelInterface(
        inputs: (0..<3).map { ModelInterface.Input(name: nil, position: $0) },
        targets: names.enumerated().map {
          ModelInterface.Column(name: $0.element, position: 3 + $0.offset)
        })
      return state
    }
    let header = try #require(texts(state(["y 1", "größe"]))["net.h"])
    #expect(header.contains(" * Outputs:\n *   0: y 1\n *   1: größe\n"))
    #expect(header.contains("#define NET_OUTPUT_Y_1 0\n#define NET_OUTPUT_GR_E 1\n"))
    // Names that make one word have no macros, and arrays no names.
    let alike = try #require(texts(state(["a b", "a-b"]))["net.h"])
    #expect(alike.contains("1: a-b") && !alike.contains("NET_OUTPUT_"))
    #expect(try #require(texts(state([nil, nil]))["net.h"]).contains("Outputs:") == false)
  }

  @Test("weights may have a file of their own, which the source reads")
  func separateWeights() throws {
    var options = ExportOptions()
    options.separateWeights = true
    let apart = try texts(small, options, at: "out/net.c")
    #expect(Set(apart.keys) == ["out/net.c", "out/net.h", "out/net_weights.h"])
    let source = try #require(apart["out/net.c"])
    #expect(source.contains("#include \"net_weights.h\"\n"))
    #expect(!source.contains("net_output_mask[") && !source.contains("16777216"))
    let weights = try #require(apart["out/net_weights.h"])
    #expect(
      weights.contains(
        "static const float net_output_weights[3] = {\n    1.0f, -3.0f, 16777216.0f};"))
    let header = try #require(apart["out/net.h"])
    let number = try number(of: header)
    #expect(
      try header.replacing(number, with: self.number(of: texts(small)["net.h"] ?? ""))
        == texts(small)["net.h"])
    // The weights ask for it, too.
    #expect(source.contains("#if NET_EXPORT != \(number)\n#error"))
    #expect(weights.contains("#if NET_EXPORT != \(number)\n#error"))
  }

  /// The number by which files of one export know each other.
  private func number(of header: String) throws -> String {
    let line = try #require(
      header.split(separator: "\n").first { $0.hasPrefix("#define NET_EXPORT ") })
    return String(line.dropFirst("#define NET_EXPORT ".count))
  }

  @Test("files of another network, or of other options, have another number")
  func numbers() throws {
    var other = small
    other.network.layers[0].bias[1] = -0.25
    var apart = ExportOptions()
    apart.separateWeights = true
    let numbers = try [texts(small), texts(other), texts(small, apart)].map {
      try number(of: $0["net.h"] ?? "")
    }
    #expect(Set(numbers).count == 3)
    #expect(try number(of: texts(small)["net.h"] ?? "") == numbers[0])
  }

  @Test("a source in bytes says how good it is itself, and names of classes are as they were")
  func quality() throws {
    var state = small
    state.classes = ["a@b", "c$"]
    var export = ModelExport(
      state, origin: ModelOrigin(sha256: "00ff", lineage: nil, quality: "accuracy 50.00 %"))
    let samples = Matrix(rows: 2, columns: 3, [1, 2, 3, -1, 0, 1])
    export.quantized = try Calibration(state, samples: samples, indices: [0, 1]).network()
    export.quantizedQuality = ["int8: accuracy 49.00 %", "float: accuracy 51.00 %"]
    let files = try CFormat().files(of: export, at: "net.c")
    let source = String(decoding: files[0].bytes, as: UTF8.self)
    #expect(
      source.contains(
        " * At export   int8: accuracy 49.00 %\n *             float: accuracy 51.00 %\n"
          + " *             float, when it was stored: accuracy 50.00 %\n"))
    #expect(source.contains("    \"a@b\",\n    \"c$\"\n"))
  }

  @Test(
    "names begin with that of the file, or with what is asked for",
    arguments: [
      ("net.c", "net_"), ("my net-2.c", "my_net_2_"), ("a/b/3.c", "model_3_"), ("_x_.c", "x_"),
      ("--.c", "model_"), ("a-name-that-is-much-longer-than-others.c", "a_name_that_is_much_long_"),
    ])
  func names(path: String, prefix: String) throws {
    let header = path.dropLast(2) + ".h"
    #expect(try texts(small, at: path)[String(header)]?.contains("void \(prefix)run(") == true)
    var options = ExportOptions()
    options.prefix = "Own_1"
    let text = try #require(try texts(small, options, at: path)[String(header)])
    #expect(text.contains("void Own_1_run(") && text.contains("#define OWN_1_INPUTS 3"))
  }

  @Test(
    "what C would not take as a name is refused",
    arguments: ["", "1a", "a-b", "a__b", "a_", "ä", String(repeating: "a", count: 41)])
  func prefixes(prefix: String) {
    #expect(!ExportOptions.canBePrefix(prefix))
    var options = ExportOptions()
    options.prefix = prefix
    #expect(throws: ModelFileError.self) { try texts(small, options) }
  }

  @Test(
    "a file whose name cannot stand in a source is refused", arguments: ["a\"b.c", "ü.c", "a\n.c"])
  func files(path: String) {
    #expect(CFormat().obstacle(toName: path) != nil)
    #expect(throws: ModelFileError.self) { try texts(small, at: path) }
  }

  @Test("a network that is no classifier, or may be one, has no classes")
  func regression() throws {
    var state = small
    let unsaid = try texts(state, saysTask: false)
    state.classes = []
    let regression = try texts(state)
    #expect(unsaid == regression)
    #expect(!regression.values.contains { $0.contains("argmax") || $0.contains("CLASSES") })
    state.classes = ["a", String(repeating: "b", count: 5_000)]
    #expect(throws: ModelFileError.self) { try texts(state) }
  }

  @Test(
    "every activation has its own text, and none uses a library", arguments: Activation.allCases)
  func activations(activation: Activation) throws {
    var draws = Draws(seed: 5)
    let state = ModelState(network: draws.network([4, 6, 3], activation, densities: [0.4, 2]))
    let source = try #require(try texts(state)["net.c"])
    let term =
      switch activation {
      case .identity: "net_dense(net_output_weights"
      case .relu: "z < 0.0f ? 0.0f : z"
      case .leakyRelu: "net_each_with_slope(scratch, 6, 0.01f);"
      case .prelu: "net_each_with_slope(scratch, 6, \(state.network.layers[0].slope)f);"
      case .tanh: "values[unit] = net_tanh(z);"
      case .sigmoid: "return 1.0f / (1.0f + net_exp(-x));"
      case .gelu: "return z * (0.5f * net_erfc(-z * 0.70710678118654752f));"
      case .silu: "return z * net_sigmoid(z);"
      case .softplus: "net_exp(z < 0.0f ? z : -z)"
      }
    #expect(source.contains(term))
    let headers = source.split(separator: "\n").filter { $0.hasPrefix("#include <") }
    #expect(
      headers.allSatisfy {
        ["#include <float.h>", "#include <stddef.h>", "#include <string.h>"].contains($0)
      })
    #expect(source.contains("string.h") == source.contains("memcpy("))
  }

  @Test("a scaling that cannot be folded in is refused, and one that can is folded in")
  func scaling() throws {
    var draws = Draws(seed: 8)
    var state = ModelState(network: draws.network([4, 3], .relu, densities: [2]))
    state.inputScaling = draws.scaling(4)
    state.targetScaling = draws.scaling(3)
    let folded = try FoldedNetwork(state)
    let source = try #require(try texts(state)["net.c"])
    for weight in folded.layers[0].weights { #expect(source.contains("\(weight)f")) }
    state.network = Network(layers: [draws.layer("output", inputs: 4, outputs: 3, .tanh)])
    #expect(throws: ModelFileError.self) { try texts(state) }
  }

  @Test("the same model gives the same bytes")
  func deterministic() throws {
    var draws = Draws(seed: 9)
    let state = ModelState(network: draws.network([30, 20, 4], .gelu, densities: [0.1, 2]))
    #expect(try texts(state) == texts(state))
  }

  @Test("the header says what each output of a regression is, and of classes their names alone")
  func outputs() throws {
    var state = small
    state.interface = ModelInterface(
      inputs: [], targets: [.init(name: "price", position: 3), .init(name: nil, position: 4)])
    #expect(try texts(state)["net.h"]?.contains("Outputs:") == false)
    state.classes = []
    #expect(
      try texts(state)["net.h"]?.contains(" * Outputs:\n *   0: price\n *   1: column 4\n") == true)
  }

  @Test("weights apart of an earlier export are named as such, and nothing else of that name is")
  func leftovers() throws {
    let folder = try TemporaryFolder()
    var options = ExportOptions()
    options.separateWeights = true
    let path = folder.file("net.c")
    func files(_ options: ExportOptions) throws -> [ExportedFile] {
      try CFormat().files(of: ModelExport(small, options: options), at: path)
    }
    let apart = try files(options)
    let whole = try files(ExportOptions())
    #expect(CFormat().leftovers(beside: whole).isEmpty)
    for file in apart { try DurableFile.write(file.bytes, to: file.path) }
    #expect(CFormat().leftovers(beside: apart).isEmpty)
    #expect(CFormat().leftovers(beside: whole) == [folder.file("net_weights.h")])
    #expect(CFormat().warnings(of: whole).count == 1)
    try folder.write("/* mine */\n", to: "net_weights.h")
    #expect(CFormat().leftovers(beside: whole).isEmpty)
  }
}
