import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import TestSupport
import Testing

@Suite("State dicts of modules with names of their own")
struct StateDictNamesTests {
  @Test(
    "layers of any names come in the one order in which they fit",
    arguments: [
      (["fc1", "fc2", "fc3"], [[4, 5], [4, 4], [2, 4]], ["fc1", "fc2", "fc3"]),
      (["fc10", "fc2", "fc9"], [[2, 4], [4, 4], [4, 4]], ["fc2", "fc9", "fc10"]),
      (
        ["decoder", "encoder", "head"], [[3, 2], [2, 5], [7, 3]], ["encoder", "decoder", "head"]
      ),
      (
        ["hidden.0", "hidden.3", "out"], [[4, 4], [4, 4], [2, 4]], ["hidden.0", "hidden.3", "out"]
      ),
      (
        ["b2.fc1", "b1.fc2", "b1.fc1", "b2.fc2"], [[3, 3], [3, 3], [3, 3], [3, 3]],
        ["b1.fc1", "b1.fc2", "b2.fc1", "b2.fc2"]
      ),
      // Written by somebody who kept the order of the module: not that of the alphabet.
      (["encoder", "decoder"], [[2, 4], [4, 2]], ["encoder", "decoder"]),
      ([""], [[2, 3]], [""]),
    ] as [([String], [[Int]], [String])])
  func names(modules: [String], shapes: [[Int]], order: [String]) throws {
    let tensors = modules.indices.map { index in
      (
        name: modules[index].isEmpty ? "weight" : modules[index] + ".weight", shape: shapes[index],
        values: [Float](repeating: Float(index), count: shapes[index][0] * shapes[index][1])
      )
    }
    let network = try StateDict(StateDictFixture.file(tensors)).network(activation: .relu)
    let positions = try order.map { try #require(modules.firstIndex(of: $0)) }
    #expect(network.layers.map { $0.weights[0, 0] } == positions.map(Float.init))
  }

  @Test("slopes of modules apart from the layers belong to the hidden layers in their order")
  func slopes() throws {
    let file = try StateDictFixture.file([
      ("act1.weight", [1], [0.5]), ("act2.weight", [1], [0.125]),
      ("fc1.weight", [2, 3], [1, 2, 3, 4, 5, 6]), ("fc2.weight", [1, 2], [1, 2]),
      ("fc3.weight", [1, 1], [1]),
    ])
    let network = try StateDict(file).network(activation: nil)
    #expect(network.layers.map(\.activation) == [.prelu, .prelu, .identity])
    #expect(network.layers.map(\.slope)[..<2] == [0.5, 0.125])
  }

  /// A network of PyTorch with names and masks; see `make_state_dict_golden.py`.
  private func pruned() throws -> StateDict {
    try StateDict(
      [UInt8](Data(contentsOf: GoldenFile.url("statedicts/pruned-f32.safetensors"))))
  }

  @Test("pairs of torch.nn.utils.prune are weights with masks, whose zeros are pruned")
  func masks() throws {
    let network = try pruned().network(activation: .tanh)
    #expect(network.layers.map(\.remaining) == [20, 15, 10])
    #expect(network.layers.map { $0.mask == nil } == [false, false, true])
    // prune.random_unstructured(fc2, "bias", amount=2)
    #expect(network.layers[1].bias.count { $0 == 0 } == 2)
    for layer in network.layers {
      for index in layer.weights.elements.indices where layer.mask?[index] == false {
        #expect(layer.weights.elements[index] == 0)
      }
    }
  }

  @Test("and are written back as such pairs, with what was removed since")
  func pairs() throws {
    let dict = try pruned()
    var network = try dict.network(activation: .tanh)
    var mask = try #require(network.layers[0].mask)
    let live = try #require((0..<mask.count).first { mask[$0] })
    mask.remove(live)
    network.layers[0].apply(mask)
    network.layers[1].bias = [1, 2, 3, 4, 0]
    let again = try StateDict(dict.bytes(of: network, classes: nil))
    #expect(try again.network(activation: nil) == network)
    let file = try dict.bytes(of: network, classes: nil)
    let header = try SafetensorsHeader(fileStart: file, fileSize: file.count)
    #expect(
      header.tensors.map(\.name).sorted() == [
        "fc1.bias", "fc1.weight_mask", "fc1.weight_orig", "fc2.bias_mask", "fc2.bias_orig",
        "fc2.weight_mask", "fc2.weight_orig", "out.bias", "out.weight",
      ])
  }

  @Test("a mask of booleans is one")
  func boolean() throws {
    let header = try SafetensorsHeader(
      placing: [("0.weight_mask", .bool, [1, 3]), ("0.weight_orig", .f32, [1, 3])], metadata: [:])
    let dict = try StateDict(header.bytes + [1, 0, 1] + TensorValues.bytes([2, 3, 4]))
    let layer = try dict.network(activation: nil).layers[0]
    #expect(layer.weights.elements == [2, 0, 4] && layer.mask?.keptIndices.map { $0 } == [0, 2])
    let other = try SafetensorsHeader(placing: [("0.weight", .bool, [1, 3])], metadata: [:])
    #expect(
      StateDictFixture.complaint(other.bytes + [1, 0, 1])?.contains("elements of type BOOL") == true
    )
  }

  @Test(
    "a pickle and other files are named for what they are, no damage",
    arguments: [
      ("net.pt", "this is a pickle of PyTorch (torch.save), which can run any code"),
      ("net-legacy.pt", "this is a pickle of PyTorch (torch.save), which can run any code"),
      ("net-script.pt", "this is a TorchScript archive, which is not read"),
      ("arrays.npz", "this is a file of NumPy arrays without weights, no model"),
    ])
  func foreign(name: String, message: String) throws {
    let bytes = [UInt8](try Data(contentsOf: GoldenFile.url("statedicts/" + name)))
    #expect {
      try ModelFormats.read(bytes, path: "folder/" + name, activation: nil)
    } throws: { error in
      guard case ModelFileError.unsupported(let text) = error else { return false }
      return text.hasPrefix(message)
    }
  }

  @Test("what is to be done about a pickle is a line of Python with the file's name")
  func line() throws {
    let bytes = [UInt8](try Data(contentsOf: GoldenFile.url("statedicts/net.pt")))
    #expect {
      try ModelFormats.read(bytes, path: "folder/net.pt", activation: nil)
    } throws: { error in
      "\(error)".hasSuffix(
        "save the state dict instead: python3 -c 'import torch; from safetensors.torch import "
          + "save_file; d = torch.load(\"net.pt\", map_location=\"cpu\", weights_only=True); "
          + "save_file(next(v for v in [d, *d.values()] if isinstance(v, dict) and v and "
          + "all(map(torch.is_tensor, v.values()))), \"net.safetensors\")'")
    }
  }

  @Test("a pickle of a whole module says so, and what loading it means")
  func module() {
    // As torch.save begins a file of protocol 2 for an nn.Sequential.
    let bytes = [0x80, 2] + Array("ctorch.nn.modules.container\nSequential\nq\u{0}".utf8)
    #expect {
      try ModelFormats.read(bytes, path: "net.pt", activation: nil)
    } throws: { error in
      "\(error)"
        == "this is a pickle of a whole module of PyTorch (torch.save), which can run any code and is "
        + "not read; save its state dict instead, where the module's class can be imported, and only "
        + "if you trust the file, whose code runs then: python3 -c 'import torch; from "
        + "safetensors.torch import save_file; save_file(torch.load(\"net.pt\", map_location=\"cpu\", "
        + "weights_only=False).state_dict(), \"net.safetensors\")'"
    }
  }

  @Test(
    "others are known by their first bytes or their names",
    arguments: [
      ("x.h5", "\u{89}HDF\r\n\u{1a}\n", "this is an HDF5 file"),
      ("s.yaml", "version: 1\nname: small\n", "this is text, no model; name a safetensors file"),
      ("x.npy", "\u{93}NUMPY\u{1}\u{0}", "this is a file of NumPy arrays"),
    ])
  func signatures(name: String, text: String, message: String) throws {
    let bytes = text.unicodeScalars.map { UInt8($0.value) }
    #expect {
      try ModelFormats.read(bytes, path: name, activation: nil)
    } throws: { error in
      guard case ModelFileError.unsupported(let text) = error else { return false }
      return text.hasPrefix(message)
    }
  }
}
