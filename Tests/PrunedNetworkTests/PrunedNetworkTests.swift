import Engine
import ModelFiles
import NeuralNetworks
import PrunedNetwork
import RunFixtures
import TestSupport
import Testing

@Suite("A network from a file, for other programs")
struct PrunedNetworkTests {
  @Test("knows its shape, its weights and what its file says of the data")
  func interface() throws {
    let folder = try TemporaryFolder()
    var state = ModelState(network: NetworkFiles.network(masked: true), classes: ["a", "b", "c"])
    state.interface = ModelInterface(
      inputs: [
        ModelInterface.Input(name: "x", position: 0),
        ModelInterface.Input(
          name: "colour", position: 1,
          kind: .category(levels: ["red", "blue"], unknownIsZero: false)),
        ModelInterface.Input(name: nil, position: 2), ModelInterface.Input(name: "y", position: 3),
      ],
      targets: [ModelInterface.Column(name: "kind", position: 4)])
    try folder.write(NetworkFiles.checkpoint(state), to: "m.safetensors")
    let network = try PrunedNetwork(contentsOf: folder.file("m.safetensors"))
    #expect(network.widths == [5, 7, 6, 3])
    #expect(network.inputCount == 5 && network.outputCount == 3)
    #expect(network.weightCount == 5 * 7 + 7 * 6 + 6 * 3)
    #expect(network.remainingWeightCount == state.network.remaining)
    #expect(network.classes == ["a", "b", "c"])
    #expect(network.inputNames == ["x", "colour=red", "colour=blue", nil, "y"])
    #expect(network.targetNames.isEmpty)
  }

  @Test("of a regression names its targets")
  func regression() throws {
    let folder = try TemporaryFolder()
    var state = ModelState(network: NetworkFiles.network(widths: [2, 3, 1]))
    state.interface = ModelInterface(
      inputs: [], targets: [ModelInterface.Column(name: "price", position: 2)])
    try folder.write(NetworkFiles.checkpoint(state), to: "m.safetensors")
    let network = try PrunedNetwork(contentsOf: folder.file("m.safetensors"))
    #expect(network.classes == [] && network.targetNames == ["price"])
    #expect(network.inputNames.isEmpty)
  }

  @Test("that does not say what follows its layers asks for it")
  func activation() throws {
    let folder = try TemporaryFolder()
    try folder.write(NetworkFiles.stateDict(NetworkFiles.network(.tanh)), to: "m.safetensors")
    let path = folder.file("m.safetensors")
    let network = try PrunedNetwork(contentsOf: path, activation: "tanh")
    #expect(network.classes == nil && network.widths == [5, 7, 6, 3])
    #expect(throws: LoadingError.self) { try PrunedNetwork(contentsOf: path) }
    let unknown = #expect(throws: LoadingError.self) {
      try PrunedNetwork(contentsOf: path, activation: "swish")
    }
    #expect(unknown?.kind == .unsupported && unknown?.path == path)
    #expect(
      unknown?.reason.hasPrefix("no activation is called swish; there are identity, relu, ") == true
    )
  }

  @Test("that is not there, is damaged or is no model says so, with the path")
  func refused() throws {
    let folder = try TemporaryFolder()
    let state = ModelState(network: NetworkFiles.network())
    var bytes = try NetworkFiles.checkpoint(state)
    bytes[bytes.count - 9] ^= 1
    try folder.write(bytes, to: "damaged.safetensors")
    try folder.write("a,b\n1,2\n3,4\n5,6\n", to: "table.csv")
    for (name, kind) in [
      ("none", LoadingError.Kind.missing), ("damaged.safetensors", .damaged),
      ("table.csv", .unsupported), (".", .unreadable),
    ] {
      let path = folder.file(name)
      let error = #expect(throws: LoadingError.self) { try PrunedNetwork(contentsOf: path) }
      #expect(error?.kind == kind, "\(name)")
      #expect(error?.description.hasPrefix(path + ": ") == true)
    }
  }
}
