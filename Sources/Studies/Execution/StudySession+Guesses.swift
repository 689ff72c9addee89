import Datasets
import Runs

extension StudySession {
  /// The test accuracy of guessing the largest class, by the names of data sets; nothing of numbers.
  ///
  /// - Parameters:
  ///   - sources: readings of the study's sources.
  ///   - known: what was read of each already.
  /// - Throws: what reading the data throws.
  func guesses(
    _ sources: [DataReading], _ known: [(record: DataRecord, parts: DataParts?)]
  ) throws -> [String: Double] {
    var guesses: [String: Double] = [:]
    for (index, source) in settings.sources.enumerated() {
      let name = settings.datasets[source.dataset].name
      if guesses[name] != nil || known[index].record.facts.classes.isEmpty { continue }
      guesses[name] = try (known[index].parts ?? sources[index].parts()).guessAccuracy
    }
    return guesses
  }
}
