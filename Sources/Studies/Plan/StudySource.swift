import Schedules
import Storage

/// A data set as some of a study's networks take it: a trained network may bring the scale and the classes
/// of its own.
package struct StudySource: Sendable {
  /// The position of the data set in the study.
  package let dataset: Int
  /// The network that the data have to suit; nil for those that begin at random.
  package let start: StartingModel?

  /// Whether `model` on the data set at position `dataset` takes these data.
  func serves(_ model: ModelSettings, dataset: Int) -> Bool {
    self.dataset == dataset && start?.digest == model.start?.digest
      && start?.classes == model.start?.classes
  }
}

extension StudySettings {
  /// All data that its networks take: data set by data set, model by model, each once.
  package var sources: [StudySource] {
    var sources: [StudySource] = []
    for dataset in datasets.indices {
      for model in models where !sources.contains(where: { $0.serves(model, dataset: dataset) }) {
        sources.append(StudySource(dataset: dataset, start: model.start))
      }
    }
    return sources
  }
}
