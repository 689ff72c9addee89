/// How checkpoints are written; it changes sizes, never contents.
package struct CheckpointWriting: Sendable, Equatable {
  /// zstd's level, 1…22.
  package let level: Int
  /// Whether a checkpoint tells only what has changed since that of the stage before it.
  package let delta: Bool

  /// Unless a schedule says otherwise.
  package static let standard = CheckpointWriting(level: CheckpointSettings.standardLevel)

  package init(level: Int, delta: Bool = false) {
    self.level = level
    self.delta = delta
  }
}
