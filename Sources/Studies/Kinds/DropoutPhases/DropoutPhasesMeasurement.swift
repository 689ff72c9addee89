import NeuralNetworks
import NumericCore
import Pruning
import Runs
import Schedules
import Storage

/// How a cell of a study of dropout is measured: one network is trained, and its test loss is taken at every rate.
struct DropoutPhasesMeasurement: StudyMeasurement {
  let samples: Int
  let trainRate: Double
  let evaluationRates: [Double]
  let draws: Int
  let training: TrainSettings

  var needsDense: Bool { false }

  func rows(from dense: ModelState?, _ stages: StudyStages) throws -> [JSONObject] {
    var data = stages.data
    data.training = data.training.subset(
      samples, seed: Philox.seed(stages.seed, named: "training samples"))
    let hidden = stages.architecture.layerCount - 1
    var settings = training
    settings.options.dropout = Array(repeating: trainRate, count: hidden)
    let model = try stages.with(data).train(
      stages.begun(stages.architecture), settings, order: "train")
    guard let test = data.test else { preconditionFailure("studies have a test part") }
    let evaluator = DropoutEvaluator(
      samples: test, loss: stages.loss, seed: Philox.seed(stages.seed, named: "evaluation"),
      pool: stages.pool)
    let guessing = guessingLoss(on: test, stages)
    return try evaluationRates.map { rate in
      try stages.checkStop()
      // Without a unit left out all draws are one.
      let draws = rate == 0 ? 1 : draws
      let losses = Summary(
        evaluator.losses(
          of: model.network, rates: Array(repeating: rate, count: hidden), draws: draws))
      guard losses.mean.isFinite else {
        throw RunFailure.failed(
          stage: stages.text,
          reason: "the loss on the test part is not finite; lower the learning rate")
      }
      return [
        "evaluation_rate": JSONValue(rate), "loss": JSONValue(losses.mean),
        "standard_error": JSONValue(losses.standardError), "draws": JSONValue(draws),
        "guessing_loss": JSONValue(guessing),
      ]
    }
  }

  /// The loss on `test` of what says the same of every sample, as the whole training part has it in the mean; nil
  /// where networks have other outputs.
  private func guessingLoss(on test: SampleSet, _ stages: StudyStages) -> Double? {
    let guess = ConstantAnswer(stages.data, loss: stages.loss).network
    guard guess.outputs == stages.architecture.widths.last else { return nil }
    return Evaluator(samples: test, loss: stages.loss, pool: stages.pool).metrics(of: guess).loss
  }
}
