import NeuralNetworks
import Runs
import Schedules
import Storage

/// A study of dropout at two rates, one while networks are trained and one while they are measured: how the loss
/// goes with the number of training samples, and which phases that makes.
///
///     kind: dropout_phases
///     train_rates: [0, 0.5, 0.9]          # of hidden units that training leaves out
///     evaluation_rates: [0, 0.5, 0.9]     # of hidden units that measuring leaves out
///     train_sizes: [100, 200, 400, 800]   # samples of the training part
///     steps: 2000                         # of training, whatever the size
///     draws: 16                           # of which the measured loss is the mean
///
/// The measured loss is the one that is trained for, on the test part: of classes the cross-entropy unless `training`
/// says otherwise, of numbers the squared error. What the phases ask is only whether it falls.
///
/// After "Pruning-induced phases in fully-connected networks", arXiv 2603.12316.
package struct DropoutPhasesExperiment: StudyExperiment {
  package static let kind = StudyKind.dropoutPhases
  package static let summary =
    "How the test loss of networks goes with the number of training samples, where hidden units are left out at "
    + "one rate in training and at another in evaluation."
  package static let takesModels = true
  package static let trainsDense = false
  package static let columns = ["train_rate", "train_size"]
  package static let measures = [
    "evaluation_rate", "loss", "standard_error", "draws", "guessing_loss",
  ]

  /// At least 0 and below 1.
  package let trainRates: [Double]
  /// At least 0 and below 1.
  package let evaluationRates: [Double]
  /// Samples of the training part: the first of one order, so that more include fewer.
  package let trainSizes: [Int]
  /// Of training; it ends with the epoch that makes them full.
  package let steps: Int
  package let draws: Int

  package static func block(in context: StageContext) -> Block<DropoutPhasesExperiment> {
    Block(
      "dropout phases", summary,
      .setting(
        "train_rates", \.trainRates, Form.number(.belowOne).several("rates"),
        "The shares of the hidden units that training leaves out."),
      .setting(
        "evaluation_rates", \.evaluationRates, Form.number(.belowOne).several("rates"),
        "The shares of the hidden units that are left out while the test loss is measured; that of the training "
          + "is measured besides."),
      .setting(
        "train_sizes", \.trainSizes,
        Form.integer(1...1_000_000_000)
          .several("numbers of samples", atLeast: PowerLawFit.leastSizes),
        "How many samples of the training part networks are trained on: four numbers at least, since a power law "
          + "with a floor is fitted to them."
      ),
      .setting(
        "steps", \.steps, .integer(1...100_000_000), default: 2000,
        "The steps of a training, rounded up to whole epochs: the same for few samples and for many."
      ),
      .setting(
        "draws", \.draws, .integer(2...100_000), default: 16,
        "The draws of units that a measured loss is the mean of."),
      check: { keys, _, _, _, _, _ in
        if context.training.earlyStop != nil {
          keys["training"]?.member("early_stop")?.report(
            RelationFault.notForTask(
              "early_stop", task: "a study of dropout_phases, whose trainings have as many steps"))
        }
      },
      make: {
        DropoutPhasesExperiment(
          trainRates: $0, evaluationRates: $1, trainSizes: $2, steps: $3, draws: $4)
      })
  }

  package static func check(
    _ datasets: [Placed<DataSettings>], _ models: [Placed<ModelSettings>]
  ) {
    for model in models {
      model.demandBeginning(of: kind)
      model.demandHiddenUnits(of: kind)
      if !model.value.dropout.isEmpty {
        model["dropout"].report(
          RelationFault.notForTask(
            "dropout", task: "a study of dropout_phases, whose networks have that of train_rates"))
      }
    }
  }

  package var lines: [StudyOutline.Line] {
    func words(_ numbers: [some CustomStringConvertible]) -> String {
      numbers.map(\.description).joined(separator: ", ")
    }
    return [
      .init("train rates", words(trainRates)), .init("evaluation rates", words(evaluationRates)),
      .init("train sizes", words(trainSizes)), .init("steps", "\(steps)"),
      .init("draws", "\(draws)"),
    ]
  }

  package func batches(of network: StudyNetwork) throws(StudyObstacle) -> [[StudyCell]] {
    let most = network.facts.trainingSamples
    if let place = trainSizes.firstIndex(where: { $0 > most }) {
      throw StudyObstacle(
        .key("train_sizes", element: place),
        "the training part of \(network.dataset) has \(most) samples, fewer than \(trainSizes[place]); lower it"
      )
    }
    return trainRates.flatMap { rate in trainSizes.map { [cell(rate, $0, of: network)] } }
  }

  private func cell(_ rate: Double, _ count: Int, of network: StudyNetwork) -> StudyCell {
    let training = network.settings.training
    let perEpoch = (count + training.batch - 1) / training.batch
    let epochs = min((steps + perEpoch - 1) / perEpoch, TrainSettings.maximumEpochs)
    let weights = network.architecture.weightCount
    let rates = evaluationRates.contains(rate) ? evaluationRates : evaluationRates + [rate]
    let measured =
      Double(rates.count * draws) * Double(network.facts.testSamples ?? 0) * Double(weights)
    return network.cell(
      [JSONValue(rate), JSONValue(count)],
      // Version 2: the loss of guessing is measured, too.
      own: [
        "version": 2, "training": .object(training.json), "steps": JSONValue(steps),
        "draws": JSONValue(draws), "evaluation_rates": JSONValue(rates.map { JSONValue($0) }),
      ],
      cost: network.cost(weights, epochs: epochs, batch: training.batch, samples: count) + measured,
      DropoutPhasesMeasurement(
        samples: count, trainRate: rate, evaluationRates: rates, draws: draws,
        training: TrainSettings(epochs: epochs, options: training)))
  }
}
