import Datasets
import Engine
import ModelFiles
import NeuralNetworks
import Storage

/// The data of the run that a checkpoint lies in.
package struct OwnData: Sendable {
  let data: RunData
  /// The model of the checkpoint.
  let state: ModelState
  /// What the run trains for.
  let loss: Loss
  /// Of the run, for messages.
  let schedule: String

  /// Data that were read already.
  ///
  /// - Parameters:
  ///   - loss: what is trained for.
  ///   - schedule: what the data are of, for messages.
  ///   - state: the model of the checkpoint.
  package init(_ data: RunData, of loss: Loss, called schedule: String, state: ModelState) {
    (self.data, self.loss, self.schedule, self.state) = (data, loss, schedule, state)
  }

  /// Reads the data of the run that the file at `checkpoint` lies in; nil where it lies in none.
  ///
  /// - Throws: `RunFailure.invalid` where the run has other data by now; `DatasetError`, `ScheduleError`,
  ///   `StoreError`.
  package init?(of checkpoint: String, _ surroundings: Surroundings) throws {
    let folder = RunFolder(path: FilePaths.folder(of: FilePaths.absolute(checkpoint)))
    guard let manifest = try CheckpointStore.manifest(of: folder) else { return nil }
    let contents = try StoredCheckpoint.contents(of: checkpoint)
    let (plan, data) = try RecordedRun(folder, manifest).session(surroundings).planAndData()
    guard plan.facts.digest == contents.lineage["data"]?.stringValue else {
      throw RunFailure.invalid(
        "\(checkpoint): the data of its run have changed since; name the data with --data")
    }
    (self.data, state) = (data, contents.state)
    (loss, schedule) = (plan.loss, manifest.schedulePath)
  }
}
