/// What a stage does; also its name's first part and its kind in JSON.
package enum StageKind: String, Sendable, CaseIterable {
  case train, prune, finetune, rewind, search, evaluate

  /// Whether the stage changes the model, and so ends in a checkpoint; the others are leaves.
  package var changesModel: Bool { self != .evaluate }
}
