import Engine
import ModelFiles
import NeuralNetworks
import RunFixtures
import Runs
import Schedules
import Storage
import TestSupport
import Testing

@Suite("A model to start from") struct StartingModelTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(NetworkFiles.stateDict(NetworkFiles.network()), to: "dict.safetensors")
    try folder.write(
      NetworkFiles.checkpoint(
        ModelState(
          network: NetworkFiles.network(.tanh, masked: true),
          inputScaling: AffineScaling(
            shift: [0, 1, 2, 3, 4], scale: [1, 1, 1, 1, 2]), classes: ["a", "b", "c"])),
      to: "trained.safetensors")
    try folder.write(
      NetworkFiles.checkpoint(ModelState(network: NetworkFiles.network(.tanh))),
      to: "plain.safetensors")
    try folder.write("no model", to: "bad.safetensors")
    try folder.write(NetworkFiles.stateDict(NetworkFiles.mixed), to: "mixed.safetensors")
  }

  private func decode(
    _ model: String, task: String = "classification", data: String = "",
    stage: String = "prune: {to: 0.5}"
  ) throws -> RunSchedule {
    try folder.write(
      """
      version: 1
      name: x
      data: {csv: a.csv, task: \(task)\(data)}
      model: {\(model)}
      stages: [\(stage)]
      """, to: "s.yaml")
    return try RunScheduleFile(path: folder.file("s.yaml"), environment: { _ in nil }).schedule
  }

  private func problems(
    _ model: String, task: String = "classification", data: String = ""
  ) -> [String] {
    do {
      _ = try decode(model, task: task, data: data)
      return []
    } catch let error as ScheduleError {
      return error.description.replacing(folder.path + "/", with: "")
        .split(separator: "\n").map(String.init)
    } catch {
      return ["\(error)"]
    }
  }

  @Test("what it knows of its data is demanded of the schedule's")
  func interface() throws {
    let interface = ModelInterface(
      inputs: (0..<5).map { ModelInterface.Input(name: "x\($0)", position: $0) },
      targets: [ModelInterface.Column(name: "kind", position: 5)])
    try folder.write(
      NetworkFiles.checkpoint(
        ModelState(
          network: NetworkFiles.network(.tanh), classes: ["a", "b", "c"], interface: interface)),
      to: "known.safetensors")
    #expect(try decode("start: known.safetensors").model.start?.interface.interface == interface)
    let plain = try decode("start: plain.safetensors").model.start
    #expect(plain != nil && plain?.interface.interface == nil)
  }

  @Test("a state dict says its widths, and the schedule its activation")
  func stateDict() throws {
    let model = try decode("start: dict.safetensors, activation: gelu").model
    #expect(model.hidden == [7, 6] && model.activation == .gelu)
    #expect(model.layerNames == ["hidden1", "hidden2", "output"])
    let start = try #require(model.start)
    #expect(start.digest == Digest.sha256(try folder.read("dict.safetensors")))
    #expect(start.state.network == NetworkFiles.network(.gelu))
    #expect(start.units == .open && start.interface.inputScale == nil)
    #expect(try decode("start: dict.safetensors, activation: gelu, hidden: [7, 6]").model == model)
  }

  @Test("a checkpoint says all of it, and demands its scale and classes of the data")
  func checkpoint() throws {
    let model = try decode("start: trained.safetensors").model
    #expect(model.hidden == [7, 6] && model.activation == .tanh)
    let start = try #require(model.start)
    #expect(start.state.network.remaining < start.state.network.weightCount)
    #expect(start.units == .scaledByFile)
    #expect(start.interface.inputs == 5 && start.interface.classes == ["a", "b", "c"])
    #expect(start.interface.inputScale?.shift == [0, 1, 2, 3, 4])
  }

  @Test("the content of the file is in the canonical form, its path is not")
  func canonical() throws {
    let model = try decode("start: trained.safetensors").model
    try folder.write(try folder.read("trained.safetensors"), to: "copy.safetensors")
    let copy = try decode("start: copy.safetensors").model
    #expect(model.canonical == copy.canonical && model.json != copy.json)
    #expect(model.json["start"] == "trained.safetensors")
    let other = try decode("start: plain.safetensors").model
    #expect(other.canonical != model.canonical)
  }

  @Test(
    "it may be trained with dropout, and the rates stay where a schedule is begun with another one")
  func dropout() throws {
    #expect(
      try decode("start: trained.safetensors, dropout: [0.5, 0.1]").model.dropout == [0.5, 0.1])
    let text = ScheduleText.small(("{hidden: [8, 4]}", "{hidden: [8, 4], dropout: 0.5}"))
    let schedule = try RunSchedule(
      Array(text.utf8), file: "s.yaml", start: folder.file("plain.safetensors"),
      environment: { _ in nil })
    #expect(schedule.model.hidden == [7, 6] && schedule.model.dropout == [0.5, 0.5])
  }

  @Test("its layers are known to what selects layers")
  func layers() throws {
    #expect(throws: Never.self) {
      try decode(
        "start: trained.safetensors",
        stage: "prune: {to: 0.5, budget: {policy: global, layers: {hidden2: {keep: true}}}}")
    }
    #expect(throws: ScheduleError.self) {
      try decode(
        "start: trained.safetensors",
        stage: "prune: {to: 0.5, budget: {policy: global, layers: {hidden3: {keep: true}}}}")
    }
  }

  @Test("what is wrong with the file, or beside it, is reported with its place")
  func wrong() {
    #expect(
      problems("start: none.safetensors") == [
        "s.yaml:4:16: model.start: there is no file none.safetensors; name a safetensors file with the "
          + "state dict of an nn.Sequential, or an ONNX file of a fully-connected network, or an NPZ file of "
          + "weights, or a checkpoint, relative to the schedule's folder"
      ])
    #expect(
      problems("start: dict.safetensors, hidden: [7, 6]") == [
        "s.yaml:4:16: model.start: dict.safetensors: the file does not say which activation follows "
          + "hidden1, hidden2; say it (--activation, or activation beside start), one of: identity, "
          + "relu, leaky_relu, tanh, sigmoid, gelu, silu, softplus"
      ])
    #expect(
      problems("start: trained.safetensors, hidden: [7]") == [
        "s.yaml:4:45: model.hidden: [7] is out of range; allowed: [7, 6], the widths in model.start"
      ])
    #expect(
      problems("start: trained.safetensors, activation: relu") == [
        "s.yaml:4:16: model.start: trained.safetensors: the activation relu was given, and the file "
          + "says tanh for hidden1; leave it out"
      ])
    #expect(
      problems("start: trained.safetensors, initialization: orthogonal") == [
        "s.yaml:4:53: model.initialization: this does not go together with model.start; remove one "
          + "of them"
      ])
    #expect(
      problems("start: mixed.safetensors, activation: relu") == [
        "s.yaml:4:16: model.start: mixed.safetensors: its layers have different activations "
          + "(prelu, relu), and those of a schedule's network all have the same"
      ])
    #expect(problems("start: bad.safetensors").count == 1)
    #expect(problems("start: bad.safetensors")[0].hasPrefix("s.yaml:4:16: model.start: "))
    #expect(
      problems("start: .") == [
        "s.yaml:4:16: model.start: . is a folder, and a schedule names files; name the file of a model in "
          + "it"
      ])
  }

  @Test("a scale beside a checkpoint is an error that names both")
  func scale() {
    #expect(
      problems("start: trained.safetensors", data: ", scale: unit") == [
        "s.yaml:4:16: model.start: the checkpoint trained.safetensors brings the scale that it was "
          + "trained with, and data.scale: unit would be another; leave data.scale out"
      ])
    #expect(
      problems("start: plain.safetensors", data: ", scale: standard") == [
        "s.yaml:4:16: model.start: the checkpoint plain.safetensors was trained on unscaled data, "
          + "and data.scale: standard would be another; leave data.scale out"
      ])
    #expect(problems("start: dict.safetensors, activation: relu", data: ", scale: unit").isEmpty)
  }

  @Test("a scale beside an export, which takes raw data, is an error, of inputs and of targets")
  func scaleOfExport() throws {
    let names = (0..<5).map { ModelInterface.Input(name: "x\($0)", position: $0) }
    let state = ModelState(
      network: NetworkFiles.network(.tanh, widths: [5, 7, 1]),
      interface: ModelInterface(
        inputs: names, targets: [ModelInterface.Column(name: "y", position: 5)]))
    try folder.write(
      StateDictFormat().bytes(of: ModelExport(state)), to: "export.safetensors")
    let found = problems(
      "start: export.safetensors", task: "regression",
      data: ", scale: standard, scale_targets: standard")
    #expect(
      found.contains(
        "s.yaml:4:16: model.start: the network export.safetensors takes data as they are (the scale that "
          + "it was trained with is in its weights), and data.scale: standard would change them; leave "
          + "data.scale out"))
    #expect(found.contains { $0.hasSuffix("leave data.scale_targets out") })
    #expect(problems("start: export.safetensors", task: "regression").isEmpty)
  }

  @Test("of a run's folder, its result is named")
  func folderOfRun() throws {
    try FilePaths.makeFolders(folder.file("irt"))
    try folder.write(try folder.read("plain.safetensors"), to: "irt/result.safetensors")
    #expect(
      problems("start: irt/") == [
        "s.yaml:4:16: model.start: irt/ is a folder, and a schedule names files; a run's result is "
          + "irt/result.safetensors"
      ])
  }

  @Test("a missing file alone is a missing input")
  func missing() {
    func isMissing(_ model: String) -> Bool? {
      do {
        _ = try decode(model)
        return nil
      } catch {
        return (error as? ScheduleError)?.isMissingFile
      }
    }
    #expect(isMissing("start: none.safetensors") == true)
    #expect(isMissing("start: none.safetensors, hidden: [0]") == false)
  }
}

extension NetworkFiles {
  /// A network of which one hidden layer has a slope and one has none.
  fileprivate static var mixed: Network {
    var network = network(.relu)
    let first = network.layers[0]
    network.layers[0] = DenseLayer(
      name: first.name, weights: first.weights, bias: first.bias, activation: .prelu)
    return network
  }
}
