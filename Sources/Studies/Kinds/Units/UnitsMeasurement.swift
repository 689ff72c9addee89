import NeuralNetworks
import NumericCore
import Pruning
import Runs
import Scheduler
import Schedules
import Storage

/// How a cell of a study of units is measured.
struct UnitsMeasurement: StudyMeasurement {
  enum Method: Sendable {
    /// The dense network.
    case dense
    /// Units are gone, chosen with the whole training part, and nothing else is changed.
    case pruned(Sparsity)
    /// Units are gone and the rest is refitted, both with no more than a share of the training part.
    case compensated(Sparsity, sampleShare: Double)
    /// As pruned, and trained with the whole training part.
    case retrained(Sparsity, epochs: Int)

    /// The column `method`.
    var name: String {
      switch self {
      case .dense: "dense"
      case .pruned: "pruned"
      case .compensated: "compensated"
      case .retrained: "retrained"
      }
    }

    /// The columns `ratio`, `sample_share` and `epochs`.
    var place: (ratio: Sparsity?, sampleShare: Double?, epochs: Int?) {
      switch self {
      case .dense: (nil, nil, nil)
      case .pruned(let ratio): (ratio, nil, nil)
      case .compensated(let ratio, let sampleShare): (ratio, sampleShare, nil)
      case .retrained(let ratio, let epochs): (ratio, nil, epochs)
      }
    }
  }

  let method: Method
  let step: Double
  /// Of a retrained network.
  let retraining: TrainSettings?

  var needsDense: Bool { true }

  func rows(from dense: ModelState?, _ stages: StudyStages) throws -> [JSONObject] {
    guard let dense else { preconditionFailure("all begin with the dense network") }
    guard let ratio = method.place.ratio else {
      return [try row(of: dense, stages, samples: 0, steps: 0)]
    }
    precondition(dense.network.remaining == dense.network.weightCount, "the study was checked")
    let weights = ratio.kept(of: dense.network.weightCount)
    let training = stages.data.training
    let count = max(1, Int((Double(training.count) * (method.place.sampleShare ?? 1)).rounded()))
    let samples = training.subset(count, seed: Philox.seed(stages.seed, named: "compensation"))
    precondition(stages.pool.threadCount == 1, "one thread measures a cell")
    let (reduced, compensation) = try WorkTime.of {
      try UnitCompensation(step: step).reduce(
        dense.network, to: weights, on: samples, pool: stages.pool, check: stages.checkStop)
    }
    var model = dense
    model.optimizer = nil
    if case .compensated = method {
      model.network = reduced.network
    } else {
      model.network = UnitCompensation.network(dense.network, keeping: reduced.kept)
    }
    var seconds: WorkTime?
    if let retraining {
      let trained = try WorkTime.of { try stages.train(model, retraining, order: "retrain") }
      (model, seconds) = (trained.value, trained.time)
    }
    return [
      try row(
        of: model, stages, samples: retraining == nil ? samples.count : training.count,
        steps: reduced.steps, compensation: compensation, training: seconds)
    ]
  }

  private func row(
    of model: ModelState, _ stages: StudyStages, samples: Int, steps: Int,
    compensation: WorkTime? = nil, training: WorkTime? = nil
  ) throws -> JSONObject {
    let metrics = try stages.metrics(model)
    return [
      "weights": JSONValue(model.network.weightCount),
      "widths": .string(model.network.widths.map(String.init).joined(separator: "-")),
      "samples_used": JSONValue(samples), "steps": JSONValue(steps),
      "loss": JSONValue(metrics.loss), "accuracy": JSONValue(metrics.accuracy),
      "rmse": JSONValue(metrics.rmse), "nrmse": JSONValue(metrics.nrmse),
      "compensation_seconds": JSONValue(compensation?.seconds),
      "compensation_processor_seconds": JSONValue(compensation?.processorSeconds),
      "training_seconds": JSONValue(training?.seconds),
      "training_processor_seconds": JSONValue(training?.processorSeconds),
    ]
  }
}
