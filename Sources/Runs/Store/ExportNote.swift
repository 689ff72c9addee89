import Storage

/// The note that a checkpoint of a run is exported, so that `gc` leaves it alone.
package struct ExportNote {
  private let checkpoint: String
  private let lineage: JSONValue
  private let output: String
  private let time: String

  /// - Parameters:
  ///   - checkpoint: the path of a checkpoint, in a run's folder or anywhere else.
  ///   - lineage: as the checkpoint has it.
  ///   - output: the path of the file that is written from it.
  ///   - time: of the export, for people.
  package init(checkpoint: String, lineage: JSONValue, output: String, time: String) {
    self.checkpoint = checkpoint
    self.lineage = lineage
    self.output = output
    self.time = time
  }

  /// Notes the export in the run that the checkpoint lies in, if it lies in one. Without the run's
  /// lock: a run may go on meanwhile.
  ///
  /// - Returns: a warning where the run's folder cannot be written: the export is none the worse.
  /// - Throws: `RunFailure.missing` where the checkpoint is gone by now: whoever deleted it could not
  ///   see the note.
  package func write() throws(RunFailure) -> String? {
    // A stream keeps nothing that could depend on it.
    if NamedFile(output).isStream { return nil }
    let path = FilePaths.real(checkpoint)
    let folder = RunFolder(path: FilePaths.folder(of: path))
    guard FilePaths.exists(folder.manifest), let key = lineage["key"]?.stringValue
    else { return nil }
    do {
      try CheckpointPins(of: folder).add(
        .exported, key: key, file: FilePaths.name(of: path), target: FilePaths.absolute(output),
        time: time)
    } catch {
      return "\(error); the export is not noted there, so ecpipe gc may delete the checkpoint"
    }
    guard FilePaths.exists(path) else {
      throw .missing(
        path: checkpoint, what: "ecpipe gc has deleted it in this moment; name another")
    }
    return nil
  }
}
