import NeuralNetworks
import Runs
import Schedules
import Storage

/// One network on one data set, with one seed, as an experiment makes cells of it.
package struct StudyNetwork: Sendable {
  package let settings: StudySettings
  /// The column `dataset`.
  package let dataset: String
  /// The column `model`.
  package let model: String
  package let architecture: Architecture
  package let facts: DataFacts
  package let seed: UInt64
  /// SHA-256 over data, network and, where it is trained before cells are, its training.
  package let key: String

  /// A cell before it is measured.
  ///
  /// - Parameters:
  ///   - columns: values of the kind's columns, in their order.
  ///   - own: what the result depends on beside columns, data, network, dense training, loss and seed.
  ///   - weights: that are left at the end; all unless stated.
  ///   - cost: multiply-adds, roughly.
  package func cell(
    _ columns: [JSONValue], own: JSONObject, weights: Int? = nil, cost: Double,
    _ measurement: any StudyMeasurement
  ) -> StudyCell {
    let names = settings.kind.experiment?.columns ?? []
    precondition(names.count == columns.count, "a value for every column")
    let named = zip(names, columns).map { StudyColumn(name: $0, value: $1) }
    let json: JSONValue = [
      "kind": .string(settings.kind.rawValue), "settings": .object(own),
      "cell": .object(JSONObject(named.map { ($0.name, $0.value) }) ?? [:]),
      "loss": settings.training.json["loss"] ?? .null,
      "label_smoothing": settings.training.json["label_smoothing"] ?? .null,
    ]
    return StudyCell(
      key: StageKey.derive(parent: key, settings: json, facts: facts, seed: seed),
      subject: .measured(measurement), weights: weights ?? architecture.weightCount,
      identity: StudyCellIdentity(dataset: dataset, model: model, columns: named, seed: seed),
      cost: cost)
  }

  /// Multiply-adds of training a network of so many weights, with what a step costs besides.
  ///
  /// - Parameter samples: of an epoch; those of the training part unless stated.
  package func cost(_ weights: Int, epochs: Int, batch: Int, samples: Int? = nil) -> Double {
    TrainingCost.of(
      weights, samples: samples ?? facts.trainingSamples, batch: batch, epochs: epochs)
  }
}
