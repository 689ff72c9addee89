import ModelFiles
import Testing

@Suite("Layout of state dicts")
struct StateDictLayoutTests {
  private typealias Shapes = [(name: String, shape: [Int])]

  private static let supported =
    "supported are Linear layers (N.weight [out, in], N.bias [out]) and a PReLU of one slope "
    + "(N.weight [1]) behind a layer, all with one prefix"

  @Test(
    "any common prefix, any order in the file, gaps between numbers",
    arguments: ["", "net.", "model.layers.", "_orig_mod.0."])
  func prefixes(prefix: String) throws {
    let dict = try StateDict(
      StateDictFixture.file([
        (prefix + "10.bias", [2]), (prefix + "2.weight", [3, 4]), (prefix + "10.weight", [2, 3]),
        (prefix + "0.weight", [4, 5]), (prefix + "2.bias", [3]), (prefix + "0.bias", [4]),
      ]))
    let network = try dict.network(activation: .tanh)
    #expect(network.layers.map(\.name) == ["hidden1", "hidden2", "output"])
    #expect(network.layers.map(\.inputs) == [5, 4, 3] && network.outputs == 2)
    #expect(network.layers.map(\.activation) == [.tanh, .tanh, .identity])
    #expect(dict.biasObstacle == nil)
  }

  @Test("layers without bias have one of zeros, and are known by name")
  func withoutBias() throws {
    let dict = try StateDict(
      StateDictFixture.file([("0.weight", [4, 5]), ("1.weight", [2, 4]), ("1.bias", [2])]))
    let error = StateDictError.noBias(layer: "hidden1", weight: "0.weight")
    #expect(dict.biasObstacle == "\(error)")
    #expect(try dict.network(activation: .relu).layers[0].bias == [0, 0, 0, 0])
  }

  @Test("a layer of one weight is no slope, and a slope of one number no layer")
  func single() throws {
    let dict = try StateDict(
      StateDictFixture.file([
        ("0.weight", [1, 1]), ("0.bias", [1]), ("1.weight", [1]), ("2.weight", [1, 1]),
        ("2.bias", [1]),
      ]))
    let network = try dict.network(activation: nil)
    #expect(network.layers.count == 2 && network.layers[0].activation == .prelu)
  }

  @Test(
    "what is no fully-connected network is named with what is supported",
    arguments: [
      ([], "there is no tensor in the file; \(supported)"),
      (
        [("fc1.weight", [2, 3])],
        "tensor 'fc1.weight' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("0.weight", [2, 3]), ("0.running_mean", [2])],
        "tensor '0.running_mean' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("weight", [2, 3])],
        "tensor 'weight' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("00.weight", [2, 3])],
        "tensor '00.weight' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("99999999999999999999.weight", [2, 3])],
        "tensor '99999999999999999999.weight' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("a.0.weight", [2, 3]), ("b.1.weight", [2, 2])],
        "the tensors 'a.0.weight' and 'b.1.weight' have different prefixes, so they are not of one "
          + "nn.Sequential; \(supported)"
      ),
      (
        [("0.weight", [2, 1, 3, 3])], "tensor '0.weight' has the shape [2, 1, 3, 3]; \(supported)"
      ),
      ([("0.weight", [])], "tensor '0.weight' has the shape []; \(supported)"),
      ([("0.weight", [2, 0])], "tensor '0.weight' has the shape [2, 0]; \(supported)"),
      (
        [("0.weight", [4, 3]), ("1.weight", [4]), ("2.weight", [1, 4])],
        "tensor '1.weight' has 4 numbers: a PReLU with a slope for each unit is not supported, only "
          + "with one slope (num_parameters=1)"
      ),
      (
        [("0.weight", [1]), ("1.weight", [2, 3])],
        "tensor '0.weight' is a single slope that does not follow a layer of its own; \(supported)"
      ),
      (
        [("0.weight", [2, 3]), ("1.weight", [1]), ("2.weight", [1]), ("3.weight", [2, 2])],
        "tensor '2.weight' is a single slope that does not follow a layer of its own; \(supported)"
      ),
      (
        [("0.weight", [2, 3]), ("1.weight", [1])],
        "tensor '1.weight' is a slope behind the last layer, which has no activation here; leave "
          + "that PReLU out"
      ),
      (
        [("0.weight", [2, 3]), ("1.bias", [2])],
        "tensor '1.bias' is a bias without the weights of its layer; \(supported)"
      ),
      (
        [("0.weight", [2, 3]), ("1.weight", [1]), ("1.bias", [1]), ("2.weight", [2, 2])],
        "tensor '1.bias' is a bias without the weights of its layer; \(supported)"
      ),
      (
        [("0.weight", [2, 3]), ("0.bias", [3])],
        "tensor '0.bias' has the shape [3] where the layer has 2 outputs; its shape has to be [2]"
      ),
      (
        [("0.weight", [2, 3]), ("2.weight", [2, 3])],
        "tensor '2.weight' takes 3 inputs where '0.weight' gives 2; the layers have to follow one "
          + "another in the order of their numbers"
      ),
    ] as [([(name: String, shape: [Int])], String)])
  func refused(tensors: [(name: String, shape: [Int])], message: String) throws {
    #expect(StateDictFixture.complaint(try StateDictFixture.file(tensors)) == message)
  }

  @Test("a million units at most, and a thousand hidden layers")
  func limits() throws {
    let wide = try StateDictFixture.file([("0.weight", [1_000_001, 1])])
    #expect(
      StateDictFixture.complaint(wide)
        == "tensor '0.weight' goes beyond the 1000000 allowed; use a smaller network")
    let layers = (0..<1002).map { (name: "\($0).weight", shape: [1, 1]) }
    #expect(StateDictFixture.complaint(try StateDictFixture.file(Array(layers.dropLast()))) == nil)
    #expect(
      StateDictFixture.complaint(try StateDictFixture.file(layers))
        == "tensor '1001.weight' goes beyond the 1001 allowed; use a smaller network")
  }
}
