import Datasets
import Runs

extension StudySession {
  /// The data of a study in the form that its cells take.
  ///
  /// - Throws: `RunFailure.invalid` where they are not in memory: cells are computed side by side.
  func studied(_ parts: DataParts) throws(RunFailure) -> RunData {
    let data = RunData(parts)
    try data.demandInMemory(for: "a study")
    return data
  }
}
