import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import NumericCore
import RunFixtures
import Runs
import Storage
import TestSupport
import Testing

@Suite("Models in files") struct StoredModelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func model(_ bytes: [UInt8], activation: Activation? = nil) throws -> StoredModel {
    try folder.write(bytes, to: "m.safetensors")
    return try StoredModel(path: folder.file("m.safetensors"), activation: activation)
  }

  private func failure(_ bytes: [UInt8], activation: Activation? = nil) -> RunFailure? {
    do {
      _ = try model(bytes, activation: activation)
      return nil
    } catch {
      return error as? RunFailure
    }
  }

  @Test(
    "a state dict is a network of raw inputs; its classes are numbers where it is asked for them")
  func stateDict() throws {
    let bytes = try NetworkFiles.stateDict(NetworkFiles.network(.gelu), prefix: "net.")
    let model = try model(bytes, activation: .gelu)
    #expect(model.state == ModelState(network: NetworkFiles.network(.gelu)))
    #expect(model.digest == Digest.sha256(bytes))
    #expect(!model.saysTask && model.classifier.classes == ["0", "1", "2"])
  }

  @Test("an export says its task, a regression included")
  func export() throws {
    let network = NetworkFiles.network(masked: true)
    let regression = try model(
      StateDictFormat().bytes(of: ModelExport(ModelState(network: network))))
    #expect(regression.saysTask && regression.classifier.classes.isEmpty)
    #expect(regression.state.network == network)
    let named = try model(
      StateDictFormat().bytes(
        of: ModelExport(ModelState(network: network, classes: ["x", "y", "z"]))))
    #expect(named.state.classes == ["x", "y", "z"])
  }

  @Test("a checkpoint comes without what trained it")
  func checkpoint() throws {
    let network = NetworkFiles.network(.tanh, masked: true)
    let optimizer = OptimizerState(
      fresh: .adam(Optimizer.Adam(learningRate: 0.001)), for: network)
    let bytes = try NetworkFiles.checkpoint(ModelState(network: network, optimizer: optimizer))
    #expect(try model(bytes).state == ModelState(network: network))
    #expect(try model(bytes, activation: .tanh).saysTask)
    #expect(
      failure(bytes, activation: .relu)?.description
        .hasSuffix(
          "the activation relu was given, and the file says tanh for hidden1; leave it out")
        == true)
  }

  @Test("what is missing, damaged or something else has its exit code")
  func wrong() throws {
    let checkpoint = try NetworkFiles.checkpoint(ModelState(network: NetworkFiles.network()))
    #expect(failure(Array(checkpoint.dropLast()))?.exitCode == 11)
    #expect(failure(try NetworkFiles.stateDict(NetworkFiles.network()))?.exitCode == 65)
    #expect(throws: RunFailure.self) { try StoredModel(path: folder.file("none")) }
  }

  @Test(
    "targets are classes where they are whole numbers below several outputs",
    arguments: [
      ([0, 1, 2], 3, [0, 1, 2]), ([0, 1, 3], 3, nil), ([0, -1, 2], 3, nil), ([0, 0.5, 2], 3, nil),
      ([0, 1, 0], 1, nil), ([0, 1, 1e30], 3, nil),
    ] as [([Double], Int, [Int32]?)])
  func classes(values: [Double], outputs: Int, expected: [Int32]?) {
    let targets = Dataset.Targets.values(DataMatrix(rows: 3, columns: 1, values))
    #expect(targets.classNumbers(outputs: outputs) == expected)
  }
}
