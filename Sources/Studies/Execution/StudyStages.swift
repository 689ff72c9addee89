import Datasets
import Engine
import NeuralNetworks
import NumericCore
import Runs
import Schedules

/// What cells of one group are measured with: stages of schedules on the study's data, one at a time.
package struct StudyStages {
  let settings: StudySettings
  let group: StudyGroup
  /// Whose network it is, for messages.
  let text: String
  package let data: RunData
  package let pool: WorkerPool
  /// Told how far the network called so is, at every step.
  let advanced: (String, StageAdvance) -> Void
  /// Throws where the study is to stop.
  package let checkStop: () throws -> Void

  /// Of weights, sample orders and draws.
  package var seed: UInt64 { group.seed }
  /// What networks are trained for, and measured by.
  package var loss: Loss { settings.training.loss }
  /// Of the group's network.
  package var architecture: Architecture { group.architecture }

  /// The same on other data.
  package func with(_ data: RunData) -> StudyStages {
    StudyStages(
      settings: settings, group: group, text: text, data: data, pool: pool, advanced: advanced,
      checkStop: checkStop)
  }

  /// A network of random weights for the data; the same for every cell of a seed.
  package func begun(_ architecture: Architecture) -> ModelState {
    data.model(of: architecture.network(seed: group.seed), loss: loss)
  }

  /// A network of random weights, trained as dense ones are.
  ///
  /// - Throws: `RunFailure`; what `checkStop` throws.
  func trained(_ architecture: Architecture) throws -> ModelState {
    guard let training = settings.train else {
      preconditionFailure("what begins at random is trained")
    }
    return try train(begun(architecture), training, order: "train")
  }

  /// Trains `model`.
  ///
  /// - Parameters:
  ///   - order: decides the order of the samples, the same in all networks of a seed.
  ///   - epochs: which of the epochs, counted from 0; all unless stated.
  /// - Throws: `RunFailure`; what `checkStop` throws.
  package func train(
    _ model: ModelState, _ settings: TrainSettings, order: String, epochs: Range<Int>? = nil
  ) throws -> ModelState {
    try checkStop()
    var settings = settings
    if settings.options.dropout.isEmpty { settings.options.dropout = group.dropout }
    let model = try TrainStage(.train, settings, orderName: order, range: epochs).run(
      from: .model(model), work(measuresEpochs: settings.settings.earlyStop != nil)
    ).model
    guard model.network.isFinite else { throw RunFailure.notFinite(stage: text) }
    return model
  }

  /// The metrics of `model` on one part of the data.
  ///
  /// - Throws: `RunFailure` for a loss that is not finite; what reading the data throws.
  package func metrics(
    _ model: ModelState, on part: DataPartName = .test
  ) throws -> Metrics {
    try work().metrics(
      of: model, on: part, advice: "leave this cell out, or lower the learning rate"
    ).metrics
  }

  /// What a stage works with; what is interrupted is not saved.
  ///
  /// - Parameters:
  ///   - round: of samples and draws: the same for all methods of a network and seed, so that those that
  ///     draw are paired too.
  ///   - measuresEpochs: whether epochs are measured on the validation part, as early stopping demands.
  package func work(round: Int = 1, measuresEpochs: Bool = false) -> StageWork {
    var watch = StageWatch()
    watch.isInterrupted = {
      advanced(text, .working)
      return (try? checkStop()) == nil
    }
    watch.report = { if case .advanced(let advance) = $0 { advanced(text, advance) } }
    watch.passed = { _ in try checkStop() }
    watch.interrupted = { _ in
      try checkStop()
      preconditionFailure("a stage ends early only where the study is to stop")
    }
    let first = Philox.seed(group.seed, named: "prune")
    var data = data
    if !measuresEpochs { data.validation = nil }
    return StageWork(
      name: text, seed: group.seed,
      drawSeed: round == 1 ? first : Philox.seed(first, named: "round \(round)"),
      loss: settings.training.loss, data: data, pool: pool, watch: watch)
  }
}
