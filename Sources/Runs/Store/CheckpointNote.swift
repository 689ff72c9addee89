import ModelFiles
import Storage

/// The note that something outside a run depends on one of its checkpoints, so that `gc` leaves that alone.
package struct CheckpointNote {
  private let reason: CheckpointPins.Reason
  private let checkpoint: String
  private let lineage: JSONValue
  private let target: String
  private let time: String

  /// - Parameters:
  ///   - checkpoint: the path of a checkpoint, in a run's folder or anywhere else.
  ///   - lineage: as the checkpoint has it.
  ///   - target: the path of the file that is written from it, or of the run or study that begins with it.
  ///   - time: of the note, for people.
  package init(
    _ reason: CheckpointPins.Reason, checkpoint: String, lineage: JSONValue, target: String,
    time: String
  ) {
    self.reason = reason
    self.checkpoint = checkpoint
    self.lineage = lineage
    self.target = target
    self.time = time
  }

  /// That the run, or the study, in `folder` begins with the checkpoint `file`; nil where there is nothing to be noted.
  /// The link to a run's result always leads to something, so what it leads to now need not stay.
  package init?(startAt file: String, of folder: String, time: String) {
    let isResult =
      FilePaths.name(of: file) == RunLayout.standard.result && FilePaths.linkTarget(file) != nil
    let parent = FilePaths.folder(of: FilePaths.real(file))
    guard !isResult, parent != FilePaths.real(folder),
      let summary = try? StoredCheckpoint.summary(of: file)
    else { return nil }
    self.init(.start, checkpoint: file, lineage: summary.lineage, target: folder, time: time)
  }

  /// Notes it in the run that the checkpoint lies in, if it lies in one. Without the run's lock: a run may
  /// go on meanwhile.
  ///
  /// - Returns: a warning where the run's folder cannot be written: what depends on it is none the worse.
  /// - Throws: `RunFailure.missing` where the checkpoint is gone by now: whoever deleted it could not
  ///   see the note.
  package func write() throws(RunFailure) -> String? {
    // A stream keeps nothing that could depend on it.
    if NamedFile(target).isStream { return nil }
    let path = FilePaths.real(checkpoint)
    guard let folder = run, let key = lineage["key"]?.stringValue else { return nil }
    do {
      try CheckpointPins(of: folder).add(
        reason, key: key, file: FilePaths.name(of: path), target: FilePaths.absolute(target),
        time: time)
    } catch {
      // Where the whole folder goes, as that of a night does, there is nothing left to note it in.
      try demandCheckpoint(at: path)
      return
        "\(error); \(reason.subject) is not noted there, so ecpipe gc may delete the checkpoint"
    }
    try demandCheckpoint(at: path)
    return nil
  }

  /// - Throws: `RunFailure.missing` where there is no file at `path` any more.
  private func demandCheckpoint(at path: String) throws(RunFailure) {
    guard FilePaths.exists(path) else {
      throw .missing(
        path: checkpoint,
        what: "ecpipe gc, or a run that begins anew, has taken it away in this moment; name another"
      )
    }
  }

  /// The run that the checkpoint lies in; nil where it lies in none.
  private var run: RunFolder? {
    let folder = RunFolder(path: FilePaths.folder(of: FilePaths.real(checkpoint)))
    return FilePaths.exists(folder.manifest) ? folder : nil
  }

  /// The pins of the run that the checkpoint lies in, where they can be read and do not say it; nil elsewhere.
  package var pinsWithoutIt: String? {
    guard let run, let notes = try? CheckpointPins(of: run).contents().notes else { return nil }
    let target = FilePaths.absolute(target)
    return notes.contains { $0.reason == reason && $0.target == target } ? nil : run.pins
  }
}

extension CheckpointPins.Reason {
  /// What it is, for messages.
  fileprivate var subject: String {
    switch self {
    case .exported: "the export"
    case .start: "the start"
    }
  }
}
