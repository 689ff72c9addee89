import Datasets
import Runs

/// The data of a study's sources: what was read for its plan stays, and the rest is read when it is needed.
struct StudyData {
  private let sources: [DataReading]
  private let known: [FirstReading]
  /// What is thrown where somebody has asked to stop meanwhile.
  private let interruption: () -> RunFailure?

  init(
    _ sources: [DataReading], _ known: [FirstReading],
    interruption: @escaping () -> RunFailure?
  ) {
    (self.sources, self.known, self.interruption) = (sources, known, interruption)
  }

  /// Whether the targets of the source at `index` are classes.
  func hasClasses(_ index: Int) -> Bool { !known[index].record.facts.classes.isEmpty }

  /// The parts of the source at `index`.
  ///
  /// - Throws: what reading the data throws, and the interruption.
  func parts(_ index: Int) throws -> DataParts {
    try known[index].parts ?? sources[index].parts(interruption: interruption)
  }
}
