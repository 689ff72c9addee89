import Glibc
import NeuralNetworks
import Runs
import Storage

/// Event files that TensorBoard reads: one a call, in a folder of the run.
///
/// A class, because it remembers the file that it writes.
package final class TensorBoardLog {
  private let folder: String
  private var path: String?
  /// The step that the next START event has to name; nil where none is needed.
  private var restart: Int?

  /// - Parameter folder: of the run; it is made with the first event.
  package init(folder: String) { self.folder = folder }

  /// The numbers of an epoch, at `step`, which counts all epochs of the run from 1.
  ///
  /// - Parameter goesBack: whether later steps were told before and do not count any more.
  /// - Throws: `StoreError`.
  package func add(_ row: EpochHistory.Row, step: Int, goesBack: Bool) throws(StoreError) {
    if path != nil, goesBack { restart = step }
    var values = [("loss/train", row.trainingLoss), ("learning_rate", row.learningRate)]
    if let validation = row.validation { values += Self.values(validation, "validation") }
    try append(TensorBoardEvent.scalars(values, time: Self.now, step: step), at: step)
  }

  /// What a stage has come to, at `step`.
  ///
  /// - Parameter network: what it has come to; nil where it has not changed, or is not known.
  /// - Throws: `StoreError`.
  package func add(
    _ record: StageRecord, _ network: Network?, step: Int
  ) throws(StoreError) {
    var values: [(tag: String, value: Double)] = [
      ("sparsity/all", record.sparsity), ("weights", Double(record.weights)),
    ]
    for layer in record.layers where layer.total > 0 {
      values.append(
        ("sparsity/\(layer.name)", 1 - Double(layer.weights) / Double(layer.total)))
    }
    for part in record.metrics { values += Self.values(part.metrics, "stage_\(part.part)") }
    var bytes = TensorBoardEvent.scalars(values, time: Self.now, step: step)
    for layer in network?.layers ?? [] where layer.remaining > 0 {
      let mask = layer.keepingMask
      let left = layer.weights.withSpan { span in
        span.indices.compactMap { mask[$0] ? span[$0] : nil }
      }
      bytes += TensorBoardEvent.histogram(
        "weights/\(layer.name)", left, time: Self.now, step: step)
    }
    try append(bytes, at: step)
  }

  private static func values(
    _ metrics: Metrics, _ part: String
  ) -> [(tag: String, value: Double)] {
    let all: [(String, Double?)] = [
      ("loss", metrics.loss), ("accuracy", metrics.accuracy), ("rmse", metrics.rmse),
      ("mae", metrics.mae), ("nrmse", metrics.nrmse), ("r2", metrics.r2),
    ]
    return all.compactMap { name, value in value.map { ("\(name)/\(part)", $0) } }
  }

  private func append(_ bytes: [UInt8], at step: Int) throws(StoreError) {
    if let path {
      let start = restart.map { TensorBoardEvent.start(time: Self.now, step: $0) } ?? []
      restart = nil
      return try DurableFile.append(start + bytes, to: path)
    }
    try FilePaths.makeFolders(folder)
    let earlier = FilePaths.entries(of: folder).filter { $0.hasPrefix(Self.prefix) }
    // By number, since files are read in the order of their names.
    let file = folder + "/" + Self.prefix + Self.number(earlier.count) + ".ecpipe"
    let start =
      earlier.isEmpty ? [] : TensorBoardEvent.start(time: Self.now, step: step)
    try DurableFile.append(TensorBoardEvent.version(time: Self.now) + start + bytes, to: file)
    path = file
  }

  private static let prefix = "events.out.tfevents."

  private static func number(_ count: Int) -> String {
    let digits = String(count)
    return String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
