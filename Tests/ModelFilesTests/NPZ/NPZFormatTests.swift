import Engine
import Foundation
import ModelFiles
import NeuralNetworks
import NumericCore
import Storage
import TestSupport
import Testing

@Suite("NPZ files of weights")
struct NPZFormatTests {
  /// An NPY file of numbers.
  private func array(_ shape: [Int], _ values: [Float], type: String = "<f4") -> [UInt8] {
    NPYFile.start(type: type, shape: shape) + TensorValues.bytes(values)
  }

  private func read(
    _ arrays: [(name: String, content: [UInt8])], activation: Activation? = nil
  ) throws -> FileModel {
    let bytes = try #require(NPZ.bytes(of: arrays))
    return try ModelFormats.read(bytes, path: "folder/m.npz", activation: activation)
  }

  private func complaint(_ arrays: [(name: String, content: [UInt8])]) -> String? {
    do {
      _ = try read(arrays, activation: .relu)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test(
    "a network comes back with every bit, its masks and its classes",
    arguments: Activation.allCases)
  func roundTrip(activation: Activation) throws {
    var draws = Draws(seed: 19)
    let state = ModelState(
      network: draws.network([5, 4, 4, 3], activation, densities: [0.5, 2, 0.3]),
      classes: ["a", "ü", "c"])
    let bytes = try NPZFormat().bytes(of: ModelExport(state))
    #expect(try NPZFormat().bytes(of: ModelExport(state)) == bytes)
    let model = try ModelFormats.read(bytes, path: "m", activation: nil)
    #expect(model.state == state && model.saysTask && model.saysActivations)
    let unsaid = try ModelFormats.read(
      NPZFormat().bytes(of: ModelExport(state, saysTask: false)), path: "m", activation: nil)
    #expect(unsaid.state.network == state.network && !unsaid.saysTask)
  }

  @Test("arrays under the names of a state dict are a network; who reads them says the activation")
  func stateDict() throws {
    let arrays = [
      (name: "fc1.weight", content: array([2, 3], [1, 2, 3, 4, 5, 6])),
      (name: "fc1.bias", content: array([2], [7, 8])),
      (name: "fc2.weight", content: array([1, 2], [9, 10])),
    ]
    let model = try read(arrays, activation: .tanh)
    #expect(model.state.network.layers.map(\.activation) == [.tanh, .identity])
    #expect(model.state.network.layers[0].weights.elements == [1, 2, 3, 4, 5, 6])
    #expect(model.state.network.layers[1].bias == [0] && !model.saysTask)
    #expect(throws: ModelFileError.self) { try read(arrays) }
    let said = try read(arrays + [("activation", NPYFile.bytes(of: ["gelu"]))])
    #expect(said.state.network.layers[0].activation == .gelu && said.saysActivations)
    #expect(throws: ModelFileError.self) {
      try read(arrays + [("activation", NPYFile.bytes(of: ["gelu"]))], activation: .relu)
    }
  }

  @Test("arrays of scikit-learn are [in, out], in either order of their elements")
  func scikitLearn() throws {
    let fortran = Array(
      String(decoding: array([2, 3], []), as: Unicode.ASCII.self)
        .replacing("'fortran_order': False", with: "'fortran_order': True ").unicodeScalars
    ).map { $0.value < 128 ? UInt8($0.value) : 0x93 }
    let arrays = [
      (name: "activation", content: NPYFile.bytes(of: ["logistic"])),
      (name: "coefs_0", content: fortran + TensorValues.bytes([1, 2, 3, 4, 5, 6])),
      (name: "intercepts_0", content: array([3], [7, 8, 9])),
      (name: "coefs_1", content: array([3, 1], [1, 2, 3])),
      (name: "intercepts_1", content: array([1], [4])),
      (name: "classes", content: NPYFile.bytes(of: ["no", "yes"])),
    ]
    let model = try read(arrays)
    let layers = model.state.network.layers
    #expect(layers[0].weights.elements == [1, 2, 3, 4, 5, 6] && layers[0].bias == [7, 8, 9])
    #expect(layers[1].weights.elements == [1, 2, 3] && layers[0].activation == .sigmoid)
    #expect(model.state.classes == ["no", "yes"] && model.saysTask)
    // numpy.array([]) is an array of numbers.
    let regression = try read(arrays.dropLast() + [("classes", array([0], [], type: "<f8"))])
    #expect(regression.saysTask && regression.state.classes.isEmpty)
  }

  /// What scikit-learn makes of the golden files; see `make_npz_golden.py`.
  private struct Golden: Decodable {
    struct Case: Decodable {
      let inputs: [[Float]]
      let outputs: [[Double]]
      let classes: [String]
    }
    let cases: [String: Case]
  }

  @Test("files of scikit-learn give its outputs", arguments: ["classifier", "regressor"])
  func outputs(name: String) throws {
    let expected = try #require(
      try GoldenFile.load("npz/mlps.json", as: Golden.self).cases[name])
    let bytes = [UInt8](try Data(contentsOf: GoldenFile.url("npz/\(name).npz")))
    let model = try ModelFormats.read(bytes, path: "\(name).npz", activation: nil)
    #expect(model.state.classes == expected.classes && model.saysTask)
    let inputs = Matrix(
      rows: expected.inputs.count, columns: 3, Array(expected.inputs.joined()))
    let outputs = Predictor(model.state.network, pool: WorkerPool(threadCount: 1))
      .outputs(for: inputs)
    for (output, value) in zip(outputs.elements, expected.outputs.joined()) {
      // Some dozen roundings of Float32 on values around 1.
      #expect(abs(Double(output) - value) < 2e-6)
    }
  }

  @Test("what is no network is said, and sizes are compared before they are used")
  func refused() {
    let weight = (name: "0.weight", content: array([1, 2], [1, 2]))
    #expect(complaint([weight]) == nil)
    #expect(
      complaint([("0.weight", NPYFile.start(type: "<i4", shape: [1, 1]) + [1, 0, 0, 0])])
        == "0.weight: its elements are whole numbers; save them as float32 "
        + "(array.astype(\"float32\"))")
    for shape in [[1, 3], [1 << 40, 1 << 40], [0, 1 << 62, 4]] {
      #expect(
        complaint([("0.weight", array(shape, [1, 2]))])
          == "0.weight promises the shape \(shape[...]), and 8 bytes follow; copy the file again")
    }
    #expect(
      complaint([("0.weight", array([1, 2], [1, .infinity]))])
        == "0.weight: element 1 is not finite in 32 bits; correct it")
    #expect(
      complaint([weight, ("activation", NPYFile.bytes(of: ["elu"]))])
        == "the activation is \"elu\"; supported are identity, relu, leaky_relu, prelu, tanh, sigmoid, "
        + "gelu, silu, softplus")
    #expect(
      complaint([weight, ("x", NPYFile.start(type: "|O", shape: [1]))])
        == "x: the NPY file has elements of type \"|O\", which is not supported; save it as plain "
        + "numbers")
  }

  @Test("an activation each is that of its layer, and another number of them is said")
  func activations() throws {
    let arrays = [
      (name: "0.weight", content: array([2, 1], [1, 2])),
      (name: "1.weight", content: array([1, 2], [3, 4])),
      (name: "2.weight", content: array([1, 1], [5])),
    ]
    func activation(_ words: [String]) -> (name: String, content: [UInt8]) {
      ("activation", NPYFile.bytes(of: words))
    }
    let model = try read(arrays + [activation(["tanh", "gelu"])])
    #expect(model.state.network.layers.map(\.activation) == [.tanh, .gelu, .identity])
    #expect(model.saysActivations)
    #expect(
      complaint(arrays + [activation(["relu", "relu", "relu"])])
        == "the array activation has 3 words, and the network 2 hidden layers; give one for all, or one "
        + "for each")
  }

  @Test("arrays that are no texts, and classes of another number, are said under their names")
  func texts() {
    let weight = (name: "0.weight", content: array([1, 2], [1, 2]))
    let numbers = [
      array([2], [0, 1]), NPYFile.start(type: "<i4", shape: [2]) + [0, 0, 0, 0, 1, 0, 0, 0],
      NPYFile.start(type: "|O", shape: [2]),
    ]
    for name in ["classes", "activation", "out_activation"] {
      for content in numbers {
        #expect(
          complaint([weight, (name, content)])
            == "the array \(name) has other elements than texts, which belong there; save it as texts "
            + "(array.astype(str))")
      }
    }
    let classes = complaint([weight, ("classes", NPYFile.bytes(of: ["a"]))])
    #expect(classes?.hasPrefix("the array classes: 1 classes were given (a)") == true)
    #expect(complaint([weight, ("classes", NPYFile.start(type: "<i8", shape: [0]))]) == nil)
  }

  @Test(
    "what scikit-learn has behind the outputs is what is meant, or refused",
    arguments: [
      ("identity", 2, true), ("softmax", 2, true), ("logistic", 1, true), ("logistic", 2, false),
      ("exp", 1, false),
    ])
  func ends(word: String, outputs: Int, isRead: Bool) {
    let found = complaint([
      ("coefs_0", array([1, outputs], [Float](repeating: 1, count: outputs))),
      ("out_activation", NPYFile.bytes(of: [word])),
    ])
    #expect((found == nil) == isRead)
    if word == "logistic", !isRead { #expect(found?.contains("several labels at once") == true) }
  }

  @Test("every truncation, and a flip of every byte, is an error or another network")
  func damage() throws {
    var draws = Draws(seed: 2)
    let state = ModelState(network: draws.network([2, 2, 1], densities: [2]))
    let file = try NPZFormat().bytes(of: ModelExport(state))
    for count in 0..<file.count {
      #expect(throws: ModelFileError.self) {
        try NPZFormat().read(Array(file[..<count]), path: "m.npz", activation: nil)
      }
    }
    for index in file.indices {
      var changed = file
      changed[index] ^= 0x55
      _ = try? ModelFormats.read(changed, path: "m.npz", activation: nil)
    }
  }

  @Test("what is wrong with a broken file is said of an NPZ file, wherever it is cut")
  func broken() throws {
    var draws = Draws(seed: 3)
    let state = ModelState(network: draws.network([4, 3, 2], .relu, densities: [2]))
    let bytes = try NPZFormat().bytes(of: ModelExport(state))
    for count in [0, 1, 40, 200, bytes.count / 2, bytes.count - 1] {
      // What begins as such a file is one, whatever it is called.
      for path in ["m.npz", count <= 40 ? "m.NPZ" : "m"] {
        let error = #expect(throws: ModelFileError.self) {
          try ModelFormats.read(Array(bytes.prefix(count)), path: path, activation: .relu)
        }
        #expect(error.map { "\($0)" }?.contains("NPZ file") == true, "\(count): \(error as Any)")
      }
    }
    // A name that is no array's, and twice the same weight under both names.
    let twice = [
      (name: "coefs_0", content: array([2, 1], [1, 2])),
      (name: "intercepts_0", content: array([1], [3])),
      (name: "coefs_0.bias", content: array([1], [3])),
    ]
    #expect(complaint(twice)?.contains("coefs_0.bias") == true)
  }
}
