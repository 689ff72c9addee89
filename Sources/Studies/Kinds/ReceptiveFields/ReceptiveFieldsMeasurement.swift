import Engine
import NeuralNetworks
import Runs
import Schedules
import Storage

/// The rounds of one cell of a study of receptive fields.
struct ReceptiveFieldsMeasurement: StudyMeasurement {
  let experiment: ReceptiveFieldsExperiment
  let inputs: FieldInputs
  let image: ImageShape
  let template: PruningTemplate
  /// Weights that are left in round 0, 1, ….
  let counts: [Int]

  var needsDense: Bool { false }

  func rows(from dense: ModelState?, _ stages: StudyStages) throws -> [JSONObject] {
    try stages.checkStop()
    let stages = stages.with(
      inputs.data(stages.data, seed: stages.seed, pool: stages.pool))
    let early = try trained(
      stages.begun(stages.architecture), epochs: 0..<experiment.rewind, stages)
    var model = early
    var rounds: [FieldRound] = []
    for round in counts.indices {
      model = try trained(model, epochs: experiment.rewind..<experiment.train.epochs, stages)
      var own = try FieldRound(model, round: round, image: image, stages)
      let moments = moments(of: model.network, stages)
      own.measure(moments, alive: model.network)
      if round + 1 < counts.count {
        try stages.checkStop()
        let pruned = try PruneStage(keeping: counts[round + 1], template).run(
          from: .model(model), stages.work(round: round + 1)
        ).model
        own.removal = RemovalKurtosis(
          moments, from: model.network.layers[0].keepingMask,
          to: pruned.network.layers[0].keepingMask)
        model = pruned.rewound(to: early.network)
      }
      rounds.append(own)
    }
    let pictured = FieldPictures.units(of: rounds[rounds.count - 1].mask)
    return rounds.map { $0.json(picturing: pictured, of: image) }
  }

  private func moments(of network: Network, _ stages: StudyStages) -> PreActivationMoments {
    let training = stages.data.training
    return PreActivationMoments(
      of: network.layers[0].weights, on: training.inputs,
      rows: Array(training.indices.prefix(experiment.samples)), pool: stages.pool)
  }

  /// `model` trained for some epochs of the training, with a fresh optimizer and the same order of samples in every
  /// round.
  private func trained(
    _ model: ModelState, epochs: Range<Int>, _ stages: StudyStages
  ) throws -> ModelState {
    var model = model
    model.optimizer = nil
    return epochs.isEmpty
      ? model : try stages.train(model, experiment.train, order: "train", epochs: epochs)
  }
}
