import ModelFiles
import Testing

@Suite("Layout of state dicts")
struct StateDictLayoutTests {
  private typealias Shapes = [(name: String, shape: [Int])]

  private static let supported =
    "supported are Linear layers (NAME.weight [out, in], NAME.bias [out]) and a PReLU "
    + "(NAME.weight [1], or [out] with a slope a unit) behind a layer"

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
        [("fc1.scale", [2, 3])],
        "tensor 'fc1.scale' is no part of a fully-connected network; \(supported)"
      ),
      (
        [("a.weight", [2, 3]), ("b.weight", [4, 5])],
        "there is no order in which each layer takes as many inputs as the one before it gives "
          + "(a.weight [2, 3], b.weight [4, 5]); \(supported)"
      ),
      (
        [("decoder.weight", [4, 2]), ("encoder.weight", [2, 4])],
        "the layers fit one another in several orders (decoder.weight, encoder.weight; or "
          + "encoder.weight, decoder.weight), and safetensors keeps none; save them under numbers: "
          + "save_file({f\"{i}.{k}\": v for i, layer in enumerate([net.first, net.second]) for k, v in "
          + "layer.state_dict().items()}, …)"
      ),
      (
        [("a.weight", [2, 3]), ("a.bias", [2]), ("b.weight", [2]), ("b.bias", [2])],
        "'b.weight' has a bias of its own shape: a normalization (LayerNorm, GroupNorm, …), which "
          + "depends on every sample and cannot be folded; train the network without it"
      ),
      (
        [("0.weight", [2, 3]), ("1.weight", [2]), ("1.running_mean", [2])],
        "'1' is a BatchNorm; fold it into the Linear before it, of the network in eval(), with "
          + "torch.nn.utils.fusion.fuse_linear_bn_eval(linear, norm), and save the network without it"
      ),
      (
        [("0.weight", [3]), ("0.running_mean", [3]), ("1.weight", [3, 3])],
        "'0' is a BatchNorm before a Linear; fold it into the Linear behind it, of the network in "
          + "eval(): s = norm.weight / (norm.running_var + norm.eps)**0.5; linear.bias.data += "
          + "linear.weight.data @ (norm.bias - s * norm.running_mean); linear.weight.data *= s; and save "
          + "the network without it"
      ),
      (
        [("bn.weight", [3]), ("bn.running_mean", [3]), ("fc1.weight", [2, 3])],
        "'bn' is a BatchNorm before a Linear; fold it into the Linear behind it, of the network in "
          + "eval(): s = norm.weight / (norm.running_var + norm.eps)**0.5; linear.bias.data += "
          + "linear.weight.data @ (norm.bias - s * norm.running_mean); linear.weight.data *= s; and save "
          + "the network without it"
      ),
      (
        [("fc1.weight_g", [2, 1]), ("fc1.weight_v", [2, 3])],
        "'fc1' has a parametrized weight (weight_norm, spectral_norm, …); before saving call "
          + "torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\") or "
          + "torch.nn.utils.remove_weight_norm(module)"
      ),
      (
        [
          ("fc1.parametrizations.weight.original0", [2, 1]),
          ("fc1.parametrizations.weight.original1", [2, 3]),
        ],
        "'fc1' has a parametrized weight (weight_norm, spectral_norm, …); before saving call "
          + "torch.nn.utils.parametrize.remove_parametrizations(module, \"weight\") or "
          + "torch.nn.utils.remove_weight_norm(module)"
      ),
      (
        [("fc1.weight_orig", [2, 3]), ("fc1.weight_u", [2])],
        "'fc1' has a spectral norm; before saving call torch.nn.utils.remove_spectral_norm(module)"
      ),
      (
        [("rnn.weight_ih_l0", [2, 3])], "'rnn' is a recurrent module; \(supported)"
      ),
      (
        [("fc1.weight_orig", [2, 3])],
        "tensor 'fc1.weight_orig' belongs to a pair that is not whole: a pruned weight is weight_orig "
          + "and weight_mask together; call torch.nn.utils.prune.remove(module, \"weight\") before "
          + "saving"
      ),
      (
        [("fc1.weight_orig", [2, 3]), ("fc1.weight_mask", [3, 2])],
        "tensor 'fc1.weight_mask' has the shape [3, 2], and what it masks [2, 3]; they have to be the "
          + "same"
      ),
      (
        [("a.weight", [4, 3]), ("act.weight", [1]), ("b.weight", [5, 4]), ("c.weight", [2, 5])],
        "tensor 'act.weight' is the slope of a PReLU, and its name does not say what layer it follows; "
          + "number them as an nn.Sequential does, or give every hidden layer a PReLU of its own (act1, "
          + "act2, …)"
      ),
      (
        [("0.weight", [2, 1, 3, 3])], "tensor '0.weight' has the shape [2, 1, 3, 3]; \(supported)"
      ),
      ([("0.weight", [])], "tensor '0.weight' has the shape []; \(supported)"),
      ([("0.weight", [2, 0])], "tensor '0.weight' has the shape [2, 0]; \(supported)"),
      (
        [("0.weight", [4, 3]), ("1.weight", [3]), ("2.weight", [1, 4])],
        "tensor '1.weight' has 3 numbers, and a PReLU behind a layer of 4 units has 1 or 4"
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
        [("0.weight", [2, 3]), ("1.weight", [1]), ("1.bias", [2]), ("2.weight", [2, 2])],
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
