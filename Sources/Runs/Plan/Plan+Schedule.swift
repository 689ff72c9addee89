import Engine
import NeuralNetworks
import Scheduler
import Schedules
import Storage

extension Plan {
  /// Expands `schedule` for data of which `facts` are known.
  ///
  /// - Throws: what the data or the counts make impossible.
  package init(of schedule: RunSchedule, facts: DataFacts) throws(PlanObstacle) {
    let loss = schedule.training.loss
    if let obstacle = Plan.obstacle(to: loss, facts: facts) {
      throw PlanObstacle(.key("loss", of: "training"), obstacle)
    }
    let outputs = Plan.outputs(for: loss, facts: facts)
    architecture = Architecture(
      widths: [facts.inputs] + schedule.model.hidden + [outputs],
      activation: schedule.model.activation, initialization: schedule.model.initialization)
    if let image = schedule.data.image, image.pixels != facts.inputs {
      throw PlanObstacle(
        .key("image", of: "data"),
        "[\(image.rows), \(image.columns)] is \(image.pixels) pixels, the data have "
          + "\(facts.inputs) inputs; give the rows and columns of their images, or leave it out")
    }
    if let start = schedule.model.start,
      let obstacle = Plan.obstacle(to: start, facts: facts, outputs: outputs)
    {
      throw PlanObstacle(.key("start", of: "model"), obstacle)
    }
    start = schedule.model.start?.state
    name = schedule.name
    seed = schedule.seed
    self.facts = facts
    readsInputs = schedule.data.readsInputs
    shardsInputs = schedule.data.isSharded
    blocks = schedule.data.blocks
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
      throw PlanObstacle(
        current.isEmpty ? .key("hidden", of: "model") : .stage(current), "\(error)")
    }
    findPlaces()
    let trains = stages.first { $0.kind == .train || $0.kind == .finetune }
    if let start = schedule.model.start, let trains, start.state.network.hasUnitSlopes {
      throw PlanObstacle(.stage(trains.name), Plan.untrainable(start))
    }
  }

  /// Why a network of a PReLU with a slope a unit is pruned and measured only.
  package static func untrainable(_ start: StartingModel) -> String {
    "\(start.path.value) has a PReLU with a slope a unit, which is not trained here; train it "
      + "with nn.PReLU() of one slope, or leave the training out"
  }

  /// Why a trained network is none for these data; nil where it is one.
  package static func obstacle(
    to start: StartingModel, facts: DataFacts, outputs: Int
  ) -> String? {
    let network = start.state.network
    let file = start.path.value
    guard network.inputs == facts.inputs, network.outputs == outputs else {
      return
        "\(file) has \(network.inputs) inputs and \(network.outputs) outputs, the data want "
        + "\(facts.inputs) and \(outputs); use a network that was trained on such data"
    }
    guard start.state.classes.isEmpty || start.state.classes == facts.classes else {
      return
        "\(file) has the classes \(listed(start.state.classes)), the data "
        + (facts.classes.isEmpty ? "have none" : "have \(listed(facts.classes))")
        + "; use a network that was trained on such data"
    }
    return nil
  }

  /// Why a network cannot be trained for `loss` on these data; nil where it can.
  package static func obstacle(to loss: Loss, facts: DataFacts) -> String? {
    guard case .binaryCrossEntropy = loss, !facts.classes.isEmpty, facts.classes.count != 2 else {
      return nil
    }
    return
      "binary_cross_entropy takes two classes, the data have \(facts.classes.count); use cross_entropy"
  }

  /// The width of the output layer of a network for `loss`, where nothing stands in its way.
  package static func outputs(for loss: Loss, facts: DataFacts) -> Int {
    guard case .binaryCrossEntropy = loss, !facts.classes.isEmpty else { return facts.outputs }
    return 1
  }
}
