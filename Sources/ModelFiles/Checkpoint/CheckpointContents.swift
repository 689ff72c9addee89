import NeuralNetworks
import Storage

/// Everything a checkpoint file holds.
package struct CheckpointContents: Sendable, Equatable {
  /// Moments are written where `state.optimizer` is there: the caller drops it when no later stage
  /// continues the optimizer.
  package var state: ModelState
  /// Where training stands; only in the file of an unfinished stage.
  package var progress: TrainingProgress?
  /// How the state came to be (key, parent, stage, settings, data digest …); stored as it is.
  package var lineage: JSONValue
  /// What the bits depend on besides settings and data (processor, libraries); stored as it is.
  package var fingerprint: JSONValue

  /// A state with what is known of its origin.
  package init(
    state: ModelState, progress: TrainingProgress? = nil, lineage: JSONValue = [:],
    fingerprint: JSONValue = [:]
  ) {
    self.state = state
    self.progress = progress
    self.lineage = lineage
    self.fingerprint = fingerprint
  }
}
