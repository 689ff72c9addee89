import Runs
import Storage

/// The networks that the study begins with, where runs have computed them.
extension StudySession {
  /// Notes in the runs whose checkpoints the study begins with that it does, so that `gc` leaves those there.
  ///
  /// - Throws: `RunFailure.missing` where one is gone by now.
  func noteStarts(_ events: StudyEventSink) throws(RunFailure) {
    let files = settings.models.compactMap { $0.start?.path.value }.uniqued()
    for file in files {
      let note = CheckpointNote(
        startAt: FilePaths.resolve(file, in: NamedFile(path).folder), of: folder.path,
        time: options.surroundings.now())
      if let warning = try note?.write() { events(.warning(warning)) }
    }
  }
}
