import Storage

/// Whether the notes of what depends on the run's checkpoints are all there that its records know of.
extension RunVerification {
  /// The run's own exports are recorded. What commands have exported, and which runs and studies begin with its
  /// checkpoints, is noted in the pins alone.
  func addPins(_ manifest: Manifest, to report: inout VerificationReport) {
    let exports = manifest.exports
    if exports.isEmpty { return }
    let again =
      "ecpipe run notes again what its stages have exported; until then ecpipe gc may let that go"
    do {
      let pins = try CheckpointPins(of: folder).contents()
      let lost = exports.filter { !pins.reasons(toHold: $0.model).contains(.exported) }
      if lost.isEmpty { return }
      let texts = lost.map { "\($0.model.name) (by stage \($0.export.name))" }
      report.add(
        folder.pins, nil,
        (FilePaths.isTaken(folder.pins) ? "" : "the file is gone, and ")
          + "nothing notes that a file was written from \(texts.joined(separator: ", "))", again)
    } catch {
      report.add(folder.pins, nil, "it cannot be read (\(error))", "move it away; \(again)")
    }
  }
}

extension Manifest {
  /// What the run's stages have exported of checkpoints that are there.
  var exports: [(export: StageRecord, model: StageRecord)] {
    stages.compactMap { export in
      guard !export.files.isEmpty, let model = record(of: export.parent), model.file != nil
      else { return nil }
      return (export, model)
    }
  }
}
