import ArgumentParser
import Runs

extension CompletionKind {
  /// Schedules and studies.
  static let schedules = CompletionKind.file(extensions: ["yaml", "yml"])
  /// Files of samples.
  static let samples = CompletionKind.file(
    extensions: ["csv", "npy", "npz", "idx", "gz", "zst", "tsv", "txt"])
  /// Any file.
  static let anyFile = CompletionKind.file()

  /// Names of runs.
  static let runs = words { $0.names(of: [.run, .nightly]) }
  /// Names of runs and studies.
  static let works = words { $0.names(of: FolderKind.allCases) }
  /// Names of nightly jobs.
  static let jobs = words { $0.names(of: [.nightly]) }
  /// Nights of the job on the command line.
  static let nights = words(\.nights)
  /// Runs with a result, and files of models.
  static let models = words(\.models)
  /// Stages of the schedule, or of the run, on the command line.
  static let stages = words(\.stages)
  /// Settings of the schedule on the command line.
  static let settings = words(\.settings)

  private static func words(
    _ found: @escaping @Sendable (CompletionWords) -> [String]
  ) -> CompletionKind {
    .custom { words, _, prefix in found(CompletionWords(words, prefix: prefix)) }
  }
}
