/// What outside the run depends on its checkpoints.
extension Executor {
  /// Notes that the file `target` depends on the model before `stage`.
  func pin(_ stage: PlannedStage, target: String) throws {
    try commits.finish()
    guard let file = manifest.record(of: stage.parent)?.file else { return }
    try CheckpointPins(of: folder).add(
      .exported, key: stage.parent, file: file, target: target, time: now)
  }

  /// Notes again what stages have exported, where the notes are lost; where they cannot be read, nothing can be
  /// added.
  func restorePins() throws {
    let exports = manifest.exports
    let pins = CheckpointPins(of: folder)
    guard !exports.isEmpty, let known = try? pins.contents() else { return }
    for (export, model) in exports where !known.reasons(toHold: model).contains(.exported) {
      for file in export.files {
        try pins.add(
          .exported, key: model.key, file: model.file ?? "", target: file.path, time: now)
      }
    }
  }
}
