import Storage

/// Where a run tells others how it goes, beside its own folder; nothing of it changes a result.
///
///     log: {tensorboard: runs/, csv: results.csv}
package struct LogSettings: Sendable, Equatable {
  /// The folder that TensorBoard is pointed at; runs have folders of their own in it.
  package let tensorBoard: WrittenText?
  /// A table with a line an epoch.
  package let csv: WrittenText?

  package static var block: Block<LogSettings> {
    Block(
      "log",
      "Where a run tells others how it goes. Paths are relative to the schedule's folder; what is there of "
        + "an interrupted run is gone on with.",
      .optional(
        "tensorboard", \.tensorBoard, .path(), absent: "nowhere", changesResult: false,
        "A folder for TensorBoard, with a folder in it for each run: losses, metrics, sparsities and "
          + "histograms of weights."),
      .optional(
        "csv", \.csv, .path(), absent: "nowhere", changesResult: false,
        "A CSV file with a line an epoch: epoch, time, losses, metrics, learning rate."),
      make: { LogSettings(tensorBoard: $0, csv: $1) })
  }
}
