import Engine
import NeuralNetworks
import Scheduler
import Schedules
import Storage

extension Plan {
  /// Expands `schedule` for data of which `facts` are known.
  ///
  /// - Throws: `RunFailure.invalid` for what the data or the counts make impossible.
  package init(of schedule: RunSchedule, facts: DataFacts) throws(RunFailure) {
    let loss = schedule.training.loss
    let outputs = try Plan.outputs(for: loss, facts: facts)
    architecture = Architecture(
      widths: [facts.inputs] + schedule.model.hidden + [outputs],
      activation: schedule.model.activation, initialization: schedule.model.initialization)
    if let image = schedule.data.image, image.pixels != facts.inputs {
      throw .invalid(
        "data.image: [\(image.rows), \(image.columns)] is \(image.pixels) pixels, the data have "
          + "\(facts.inputs) inputs; give the rows and columns of their images, or leave it out")
    }
    if let start = schedule.model.start {
      try Plan.check(start, facts: facts, outputs: outputs)
    }
    start = schedule.model.start?.state
    name = schedule.name
    seed = schedule.seed
    self.facts = facts
    readsInputs = schedule.data.storage == .file
    self.loss = loss
    root = RootRecord(
      [
        "data": schedule.data.canonical, "model": schedule.model.canonical,
        "loss": schedule.training.json["loss"] ?? .null,
        "label_smoothing": schedule.training.json["label_smoothing"] ?? .null,
      ], facts: facts, seed: seed)
    var current = ""
    do {
      var builder = try PlanBuilder(
        architecture: architecture, start: start?.network, facts: facts,
        points: RewindPoints(schedule.stages.compactMap(\.entry.rewind)))
      defer { current = builder.current }
      for stage in schedule.stages { try builder.add(stage.entry) }
      warnings = builder.doubts
      stages = builder.planned(
        PlanIdentity(facts: facts, seed: seed, weightCount: architecture.weightCount),
        root: root.key, keepsLastMoments: schedule.checkpoints.moments == .keep)
    } catch {
      // A budget, a curve or a count that cannot be; each says what to write instead.
      let place = current.isEmpty ? "" : "stage \(current): "
      throw .invalid("\(schedule.name): \(place)\(error)")
    }
    findPlaces()
    let trains = stages.first { $0.kind == .train || $0.kind == .finetune }
    if let start = schedule.model.start, let trains, start.state.network.hasUnitSlopes {
      throw .invalid("\(schedule.name): stage \(trains.name): \(Plan.untrainable(start))")
    }
  }

  /// Why a network of a PReLU with a slope a unit is pruned and measured only.
  package static func untrainable(_ start: StartingModel) -> String {
    "\(start.path.value) has a PReLU with a slope a unit, which is not trained here; train it "
      + "with nn.PReLU() of one slope, or leave the training out"
  }

  /// Makes sure that a trained network is one for these data.
  ///
  /// - Throws: `RunFailure.invalid`.
  package static func check(
    _ start: StartingModel, facts: DataFacts, outputs: Int
  ) throws(RunFailure) {
    let network = start.state.network
    let file = start.path.value
    guard network.inputs == facts.inputs, network.outputs == outputs else {
      throw .invalid(
        "model.start: \(file) has \(network.inputs) inputs and \(network.outputs) outputs, the data "
          + "want \(facts.inputs) and \(outputs); use a network that was trained on such data")
    }
    guard start.state.classes.isEmpty || start.state.classes == facts.classes else {
      throw .invalid(
        "model.start: \(file) has the classes \(listed(start.state.classes)), the data "
          + (facts.classes.isEmpty ? "have none" : "have \(listed(facts.classes))")
          + "; use a network that was trained on such data")
    }
  }

  /// The width of the output layer.
  package static func outputs(for loss: Loss, facts: DataFacts) throws(RunFailure) -> Int {
    guard case .binaryCrossEntropy = loss, !facts.classes.isEmpty else { return facts.outputs }
    guard facts.classes.count == 2 else {
      throw .invalid(
        "training.loss: binary_cross_entropy takes two classes, the data have "
          + "\(facts.classes.count); use cross_entropy")
    }
    return 1
  }
}
