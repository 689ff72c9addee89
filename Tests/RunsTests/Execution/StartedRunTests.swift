import Datasets
import NeuralNetworks
import RunFixtures
import Runs
import Testing

@Suite("Runs that start from a trained network") struct StartedRunTests {
  private static let stages = """
    stages:
      - prune: {to: 0.6}
      - finetune: {epochs: 1}
    """

  /// A run on `RunFixture`'s data that starts from the file `m.safetensors` of `bytes`.
  private func fixture(
    _ bytes: [UInt8], model: String = "start: m.safetensors", scale: String = "",
    stages: String = stages
  ) throws -> RunFixture {
    let fixture = try RunFixture(
      """
      version: 1
      name: tiny
      seed: 7
      data: {csv: data.csv, task: classification, split: {validation: 0.2, test: 0.2}\(scale)}
      model: {\(model)}
      training: {batch: 16}

      """ + stages)
    try fixture.folder.write(bytes, to: "m.safetensors")
    return fixture
  }

  /// The plan of such a run.
  private func plan(_ bytes: [UInt8], stages: String = stages) throws -> Plan {
    let fixture = try fixture(bytes, stages: stages)
    return try withExtendedLifetime(fixture) { try fixture.session().preview().plan }
  }

  private static let scaling = AffineScaling(
    shift: [0.5, 0, 0, 0, -0.5], scale: [2, 1, 1, 1, 0.5])

  @Test("its masks stay, what they remove counts, and its scale and classes hold")
  func checkpoint() throws {
    let network = NetworkFiles.network(.tanh, masked: true)
    let start = ModelState(
      network: network, inputScaling: Self.scaling, classes: ["class0", "class1", "class2"])
    let fixture = try fixture(NetworkFiles.checkpoint(start))
    let (plan, manifest, _) = try fixture.run()
    #expect(plan.architecture.activation == .tanh)
    #expect(manifest.stages.map(\.weights) == [38, 38])
    let pruned = try fixture.contents("prune").state
    #expect(pruned.inputScaling == Self.scaling && pruned.classes == start.classes)
    for (layer, before) in zip(pruned.network.layers, network.layers) {
      let (mask, old) = (try #require(layer.mask), try #require(before.mask))
      #expect(mask.isSubset(of: old))
      for index in mask.keptIndices {
        let (row, column) = (index / layer.inputs, index % layer.inputs)
        #expect(layer.weights[row, column] == before.weights[row, column])
      }
    }
  }

  @Test("a plan counts from what is left: less sparsity than there is cannot be asked for")
  func counts() throws {
    let network = NetworkFiles.network(.tanh, masked: true)
    let bytes = try NetworkFiles.checkpoint(ModelState(network: network))
    let stages = "stages:\n  - prune: {to: 0.2}\n"
    #expect {
      try plan(bytes, stages: stages)
    } throws: { error in
      "\(error)".hasSuffix(
        "tiny.yaml:8:12: stages[0].prune: it would leave 76 weights, but only \(network.remaining) are left by "
          + "then; raise its sparsity")
    }
    let dense = try plan(bytes, stages: "stages:\n  - train: {epochs: 1}\n")
    #expect(dense.stages[0].weights == network.remaining)
    #expect(dense.stages[0].layers == network.layers.map(\.remaining))
  }

  @Test("a state dict is dense, takes what scale makes of the data, and ends up trained")
  func stateDict() throws {
    let network = NetworkFiles.network(.gelu)
    let fixture = try fixture(
      NetworkFiles.stateDict(network, prefix: "net."),
      model: "start: m.safetensors, activation: gelu", scale: ", scale: standard")
    let (plan, manifest, computed) = try fixture.run()
    #expect(computed == 2 && manifest.stages[0].weights == 38)
    #expect(plan.start?.network == network)
    let pruned = try fixture.contents("prune").state
    #expect(pruned.inputScaling != nil && pruned.classes.count == 3)
    #expect(try fixture.run().computed == 0)
  }

  @Test("another content of the file is another run, another place of it is not")
  func key() throws {
    let fixture = try fixture(
      NetworkFiles.checkpoint(ModelState(network: NetworkFiles.network(.tanh))))
    let first = try fixture.run().plan
    try fixture.folder.write(try fixture.folder.read("m.safetensors"), to: "n.safetensors")
    let moved = try fixture.run { $0.overrides = ["model.start=n.safetensors"] }
    #expect(moved.computed == 0 && moved.plan.root.key == first.root.key)
    try fixture.folder.write(
      NetworkFiles.checkpoint(ModelState(network: NetworkFiles.network(.tanh, masked: true))),
      to: "m.safetensors")
    let other = try fixture.run()
    #expect(other.computed == 2 && other.plan.root.key != first.root.key)
  }

  @Test("a run from its own result goes on with the same numbers")
  func own() throws {
    let first = try RunFixture()
    try first.run()
    let result = try first.folder.read("runs/tiny/result.safetensors")
    let dense = try StoredCheckpoint.contents(of: first.run.result).state
    let fixture = try fixture(result, stages: "stages:\n  - evaluate: {part: train}\n")
    let metrics = try fixture.run().manifest.stages[0].metrics[0].metrics
    let expected = try ModelEvaluation(
      checkpoint: first.run.result, surroundings: .still
    ).metrics(on: .train, pool: .init(threadCount: 1)).metrics.metrics
    #expect(metrics == expected)
    #expect(try fixture.session().preview().plan.start?.network == dense.network)
  }

  @Test("a network for other data is refused, naming both")
  func misfit() throws {
    let narrow = NetworkFiles.network(.tanh, widths: [4, 7, 3])
    #expect {
      try plan(NetworkFiles.checkpoint(ModelState(network: narrow)))
    } throws: { error in
      "\(error)".hasSuffix(
        "data.csv: 5 columns of inputs, and the network m.safetensors has 4; use the data "
          + "that it was made for")
    }
    let outputs = NetworkFiles.network(.tanh, widths: [5, 7, 4])
    #expect {
      try plan(NetworkFiles.checkpoint(ModelState(network: outputs)))
    } throws: { error in
      "\(error)".hasSuffix(
        ": model.start: m.safetensors has 5 inputs and 4 outputs, the data want 5 and 3; use a "
          + "network that was trained on such data")
    }
    let classes = ModelState(network: NetworkFiles.network(.tanh), classes: ["x", "y", "z"])
    #expect(throws: DatasetError.self) {
      try plan(NetworkFiles.checkpoint(classes))
    }
  }
}
