import Storage

/// A run as its folder records it, for whoever starts from a run instead of a schedule.
package struct RecordedRun {
  package let folder: RunFolder
  package let manifest: Manifest

  /// Reads what `folder` records.
  ///
  /// - Throws: `RunFailure.missing`, or `.damaged` naming the file; `StoreError`.
  package init(folder: RunFolder) throws {
    guard let manifest = try CheckpointStore.manifest(of: folder) else {
      throw RunFailure.missing(path: folder.manifest, what: "start the run with ecpipe run")
    }
    self.init(folder, manifest)
  }

  init(_ folder: RunFolder, _ manifest: Manifest) {
    self.folder = folder
    self.manifest = manifest
  }

  /// The session of the schedule that the run was started from, with what its command line had put in
  /// place of the schedule's values.
  ///
  /// - Parameters:
  ///   - goesOn: whether the run is to go on, which needs the schedule itself. Whoever only looks takes the
  ///     copy in the run's folder where the schedule was moved or removed.
  ///   - change: adds to the options.
  /// - Throws: `RunFailure.missing` when the schedule is gone, `ScheduleError`.
  package func session(
    _ surroundings: Surroundings, goesOn: Bool = false,
    _ change: (inout RunSession.Options) -> Void = { _ in }
  ) throws -> RunSession {
    let isThere =
      FilePaths.exists(manifest.schedulePath) && !NamedFile(manifest.schedulePath).isStream
    let usesCopy = !isThere && !goesOn && FilePaths.exists(folder.schedule)
    guard usesCopy || FilePaths.exists(manifest.schedulePath) else {
      throw RunFailure.missing(
        path: manifest.schedulePath,
        what: "the run \(manifest.name) was started from this schedule; put it back "
          + "(a copy is \(folder.schedule))")
    }
    var options = RunSession.Options(
      checkpoints: folder.checkpoints, surroundings: surroundings, continueCommand: "")
    // Its own folder, also where the schedule has another name by now.
    options.folder = folder
    options.overrides = manifest.overrides
    if FilePaths.exists(folder.start) { options.start = folder.start }
    if usesCopy { options.copy = folder.schedule }
    change(&options)
    return try RunSession(schedulePath: manifest.schedulePath, options: options)
  }
}
