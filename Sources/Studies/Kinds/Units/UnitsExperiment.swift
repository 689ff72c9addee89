import NeuralNetworks
import Pruning
import Runs
import Scheduler
import Schedules
import Storage

/// A study of whole hidden units that go: what a refit of the rest by least squares, without training, recovers
/// of what training recovers, from how many samples and in which time.
///
///     kind: units
///     ratios: [0.5, 0.8, 0.9]         # of all weights that go with their units
///     sample_shares: [0.01, 0.1, 1]   # of the training part, for the compensation
///     epochs: [1, 5, 20]              # of training, in its place
///     step: 0.3                       # of a layer's units that go at once, at most
///
/// After "Pruning with compensation", arXiv 2108.13728; see `UnitCompensation`.
package struct UnitsExperiment: StudyExperiment {
  package static let kind = StudyKind.units
  package static let summary =
    "How much of what training recovers after hidden units have gone comes back by a least-squares refit alone."
  package static let takesModels = true
  package static let trainsDense = true
  package static let plansAtMost = true
  package static let columns = ["method", "ratio", "sample_share", "epochs"]
  package static let measures = [
    "weights", "widths", "samples_used", "steps", "loss", "accuracy", "rmse", "nrmse",
    "compensation_seconds", "compensation_processor_seconds", "training_seconds",
    "training_processor_seconds",
  ]

  /// Shares of all weights that go, above 0.
  package let ratios: [Sparsity]
  /// Shares of the training part that the compensation sees, above 0 and at most 1.
  package let sampleShares: [Double]
  /// Epochs of training on the whole training part.
  package let epochs: [Int]
  /// The most units of a layer that go at once, as a share.
  package let step: Double

  package static func block(in context: StageContext) -> Block<UnitsExperiment> {
    Block(
      "units", summary,
      .setting(
        "ratios", \.ratios, StudyMethod.ratios,
        "The shares of all weights that go with their units."),
      .setting(
        "sample_shares", \.sampleShares,
        Form.number(.aboveZeroToOne).several("shares of the training part"),
        default: [0.01, 0.1, 1], "The shares of the training part that the compensation sees."),
      .setting(
        "epochs", \.epochs,
        Form.integer(1...TrainSettings.maximumEpochs).several("numbers of epochs"),
        default: [1, 5, 20],
        "How long networks are trained that are not compensated, as `training` says."),
      .setting(
        "step", \.step, Form.number(.openUnit), default: 0.3,
        "The most units of a layer that go at once, as a share; what is left is refitted after every step."
      ),
      make: { UnitsExperiment(ratios: $0, sampleShares: $1, epochs: $2, step: $3) })
  }

  package static func check(
    _ datasets: [Placed<DataSettings>], _ models: [Placed<ModelSettings>]
  ) {
    for model in models {
      model.demandHiddenUnits(of: kind)
      guard let start = model.value.start else { continue }
      let network = start.state.network
      if network.remaining < network.weightCount {
        model["start"].report(
          .impossible(
            "\(network.weightCount - network.remaining) of its \(network.weightCount) weights are removed "
              + "already, and units are chosen in whole networks; start from one from which none are"
          ))
      }
      if network.hasUnitSlopes {
        model["start"].report(.impossible(Plan.untrainable(start)))
      }
    }
  }

  package var lines: [StudyOutline.Line] {
    func words(_ numbers: [some CustomStringConvertible]) -> String {
      numbers.map(\.description).joined(separator: ", ")
    }
    return [
      .init("ratios", words(ratios.map(\.fraction))),
      .init("sample shares", words(sampleShares)),
      .init("epochs", words(epochs)), .init("step", "\(step)"),
    ]
  }

  package func batches(of network: StudyNetwork) throws(StudyObstacle) -> [[StudyCell]] {
    let widths = network.architecture.widths
    var batches = [[cell(.dense, of: network)]]
    for (place, ratio) in ratios.enumerated() {
      let weights = ratio.kept(of: network.architecture.weightCount)
      guard weights >= UnitCompensation.leastWeights(widths) else {
        throw StudyObstacle(
          .key("ratios", element: place),
          "\(ratio) would leave \(weights) weights of \(network.model), which has more with one unit a layer; "
            + "lower it, or leave it out")
      }
      batches.append([cell(.pruned(ratio), of: network)])
      for share in sampleShares {
        batches.append([cell(.compensated(ratio, sampleShare: share), of: network)])
      }
      for epochs in epochs {
        batches.append([cell(.retrained(ratio, epochs: epochs), of: network)])
      }
    }
    return batches
  }

  private func cell(_ method: UnitsMeasurement.Method, of network: StudyNetwork) -> StudyCell {
    let total = network.architecture.weightCount
    let (ratio, sampleShare, epochs) = method.place
    // 2: the processor's seconds are measured, too.
    var own: JSONObject = ["version": 2]
    if ratio != nil { own["step"] = JSONValue(step) }
    let training = network.settings.training
    if epochs != nil { own["training"] = .object(training.json) }
    let retraining = epochs.map { TrainSettings(epochs: $0, options: training) }
    let weights = ratio?.kept(of: total) ?? total
    // Two passes over the samples a step, and training where there is one.
    let seen = Double(network.facts.trainingSamples) * (sampleShare ?? 1)
    let compensation = ratio == nil ? 0 : 10 * 2 * seen * Double(total)
    let trained =
      epochs.map { network.cost(weights, epochs: $0, batch: training.batch) } ?? 0
    return network.cell(
      [
        .string(method.name), JSONValue(ratio?.fraction), JSONValue(sampleShare), JSONValue(epochs),
      ],
      own: own, weights: weights, cost: compensation + trained + Double(total),
      UnitsMeasurement(method: method, step: step, retraining: retraining))
  }
}
