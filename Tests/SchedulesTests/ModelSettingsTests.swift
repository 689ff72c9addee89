import Engine
import NeuralNetworks
import Schedules
import Testing

@Suite("Model settings") struct ModelSettingsTests {
  private func decode(_ model: String) throws(ScheduleError) -> ModelSettings {
    try ScheduleText.decode(ScheduleText.small(("{hidden: [8, 4]}", "{\(model)}"))).model
  }

  @Test(
    "layers are named by their place",
    arguments: [
      ("[]", ["output"]), ("[3]", ["hidden1", "output"]),
      ("[3, 1]", ["hidden1", "hidden2", "output"]),
    ])
  func names(hidden: String, names: [String]) throws {
    #expect(try decode("hidden: \(hidden)").layerNames == names)
  }

  @Test("every activation and initialization has its word")
  func words() throws {
    for activation in Activation.allCases {
      #expect(
        try decode("hidden: [2], activation: \(activation.rawValue)").activation == activation)
    }
    for initialization in Initialization.allCases {
      let model = try decode("hidden: [2], initialization: \(initialization.rawValue)")
      #expect(model.initialization == initialization)
    }
  }

  @Test(
    "what is wrong is reported with its place",
    arguments: [
      ("activation: tanh", ["4:8: model: the key \"hidden\" is missing"]),
      (
        "hidden: 8",
        ["4:17: model.hidden: expected a list of widths, such as [300, 100], found the text \"8\""]
      ),
      (
        "hidden: [8, 0, -1]",
        ["4:21: model.hidden[1]: 0 \(range)", "4:24: model.hidden[2]: -1 \(range)"]
      ),
      ("hidden: [1000001]", ["4:18: model.hidden[0]: 1000001 \(range)"]),
      (
        "hidden: [8], activation: rulu",
        [
          "4:34: model.activation: unknown activation \"rulu\"; did you mean \"relu\"? Allowed: "
            + "identity, relu, leaky_relu, prelu, tanh, sigmoid, gelu, silu, softplus"
        ]
      ),
      (
        "hidden: [8], initialization: he",
        [
          "4:38: model.initialization: unknown initialization \"he\"; did you mean "
            + "\"he_normal\"? Allowed: he_normal, he_uniform, xavier_normal, xavier_uniform, "
            + "orthogonal, fan_in_uniform"
        ]
      ),
      (
        "hidden: [8], begin: a.safetensors",
        [
          "4:22: model.begin: unknown key \"begin\"; allowed: hidden, activation, dropout, "
            + "initialization, start, classes"
        ]
      ),
    ])
  func wrong(model: String, expected: [String]) {
    #expect(
      ScheduleText.problems(ScheduleText.small(("{hidden: [8, 4]}", "{\(model)}")))
        == expected.map { "s.yaml:" + $0 })
  }

  @Test("no more than a thousand hidden layers")
  func layers() throws {
    let widths = Array(repeating: "1", count: 1000).joined(separator: ",")
    #expect(try decode("hidden: [\(widths)]").hidden.count == 1000)
    #expect(throws: ScheduleError.self) { try decode("hidden: [\(widths),1]") }
  }

  private static let range = "is out of range; allowed: whole numbers from 1 to 1000000"
}
