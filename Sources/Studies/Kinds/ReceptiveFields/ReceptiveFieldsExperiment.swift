import Pruning
import Runs
import Scheduler
import Schedules
import Storage

/// Iterative magnitude pruning with rewinding, and what it leaves of the first layer.
///
///     kind: receptive_fields
///     train: {epochs: 10}
///     rewind: 1
///     rounds: 10
///     prune: 0.3
///     inputs: [images, gaussian, permuted]
///     criteria: [magnitude, ec, random]
///
/// A cell is trained for `rewind` epochs, which gives the early weights, and on to the end of `train`. Then in each
/// round it loses the share `prune` of all weights that are left, by one ranking over all layers; survivors and biases
/// go back to the early weights, and are trained to the end with a fresh optimizer. Row r of its results is the
/// network at the end of the training behind r prunings.
///
/// All criteria are tried on images, and the first one on the other inputs, which are controls.
///
/// The set-up follows "How Iterative Magnitude Pruning Discovers Local Receptive Fields in Fully Connected Neural
/// Networks", arXiv 2412.06545; data, sizes, measures of locality and the ranking by EC are this program's.
package struct ReceptiveFieldsExperiment: StudyExperiment, Equatable {
  package let train: TrainSettings
  /// Epochs behind which the early weights are kept, below those of `train`.
  package let rewind: Int
  /// Prunings.
  package let rounds: Int
  /// The share of what is left that goes in each, in (0, 1).
  package let share: Double
  /// At least one, all different.
  package let inputs: [FieldInputs]
  /// At least one, all different.
  package let criteria: [FieldCriterion]
  /// Samples of the training part that kurtoses are measured on; all where it has fewer.
  package let samples: Int

  package static var kind: StudyKind { .receptiveFields }
  package static var summary: String {
    "Whether pruning in rounds with rewinding leaves the units of the first layer local fields of pixels, and what "
      + "the kurtosis of their pre-activations has to do with it."
  }
  package static var takesModels: Bool { true }
  package static var trainsDense: Bool { false }
  package static var columns: [String] { ["inputs", "criterion"] }
  package static var measures: [String] { FieldRound.measures }

  package var lines: [StudyOutline.Line] {
    [
      StudyOutline.Line(
        "rounds",
        "\(rounds), each removing \(share) of what is left, rewound to epoch \(rewind) of \(train.epochs)"
      ),
      StudyOutline.Line("inputs", inputs.map(\.rawValue).joined(separator: ", ")),
      StudyOutline.Line("criteria", criteria.map(\.rawValue).joined(separator: ", ")),
    ]
  }

  /// What is pruned by what: all criteria on the first inputs, and the first criterion on the others.
  var ways: [(inputs: FieldInputs, criterion: FieldCriterion)] {
    criteria.map { (inputs[0], $0) } + inputs.dropFirst().map { ($0, criteria[0]) }
  }

  /// How many of `weights` are left in round 0, 1, …, at least one.
  package func counts(of weights: Int) -> [Int] {
    (0..<rounds).reduce(into: [weights]) { counts, _ in
      counts.append(max(1, Int((Double(counts[counts.count - 1]) * (1 - share)).rounded())))
    }
  }

  package func batches(of network: StudyNetwork) throws(StudyObstacle) -> [[StudyCell]] {
    let image = try image(of: network)
    let counts = counts(of: network.architecture.weightCount)
    return try ways.map { (way) throws(StudyObstacle) in
      let template: PruningTemplate
      do {
        template = try PruningTemplate(way.criterion.settings, .standard, of: network.architecture)
      } catch {
        throw StudyObstacle(.key("criteria"), "\(way.criterion.rawValue): \(error)")
      }
      try demand(counts, template, of: network)
      return [
        network.cell(
          [.string(way.inputs.rawValue), .string(way.criterion.rawValue)], own: own(image),
          weights: counts.last,
          cost: network.cost(
            network.architecture.weightCount, epochs: train.epochs * (rounds + 1),
            batch: train.options.batch),
          ReceptiveFieldsMeasurement(
            experiment: self, inputs: way.inputs, image: image, template: template, counts: counts))
      ]
    }
  }

  /// The image that the inputs of `network` are.
  private func image(of network: StudyNetwork) throws(StudyObstacle) -> ImageShape {
    let data = network.settings.datasets.first { $0.name == network.dataset }?.data
    guard let image = data?.image else { preconditionFailure("all data sets have an image") }
    guard image.pixels == network.facts.inputs else {
      throw StudyObstacle(
        .dataset(network.dataset, key: "image"),
        "[\(image.rows), \(image.columns)] is \(image.pixels) pixels, and the data have "
          + "\(network.facts.inputs) inputs; give the rows and columns of their images")
    }
    return image
  }

  /// Makes sure that every round has weights to remove, and leaves as many as layers have to keep.
  private func demand(
    _ counts: [Int], _ template: PruningTemplate, of network: StudyNetwork
  ) throws(StudyObstacle) {
    for round in 1...rounds {
      let (before, left) = (counts[round - 1], counts[round])
      let place =
        "round \(round) of \(network.model), with \(before) weights left and prune: \(share)"
      guard left < before else {
        throw StudyObstacle(.key("rounds"), "\(place), would remove none; take fewer rounds")
      }
      do {
        try template.demand([left], of: network.architecture)
      } catch {
        throw StudyObstacle(
          .key("rounds"), "\(place), cannot be reached: \(error); take fewer rounds")
      }
    }
  }

  /// What a cell's result depends on beside its columns: another criterion in the list changes none that is there.
  private func own(_ image: ImageShape) -> JSONObject {
    var own = json
    own["inputs"] = nil
    own["criteria"] = nil
    own["image"] = [JSONValue(image.rows), JSONValue(image.columns)]
    return own
  }
}

/// By what the weights are ranked of which the last go.
package enum FieldCriterion: String, Sendable, CaseIterable {
  case magnitude
  case ec
  case random

  /// Biases go back to the early ones, so that nothing would be left of a compensation.
  var settings: CriterionSettings {
    guard let criterion = Criterion(rawValue: rawValue) else {
      preconditionFailure("a criterion of schedules")
    }
    return CriterionSettings(
      criterion: criterion, metric: .fisher, compensation: CompensationName.none)
  }
}
