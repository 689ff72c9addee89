import Runs
import Storage

extension RunReport {
  /// The report of the run in `folder` as it is; what a process at work renames between two reads is no damage.
  ///
  /// - Throws: as the other does.
  package init(of folder: RunFolder, surroundings: Surroundings) throws {
    self = try SteadyLook(at: folder).value(isSettled: { !$0.status.hasDamage }) {
      try RunReport(of: RecordedRun(folder: folder), surroundings: surroundings)
    }
  }

  /// The report of the run in a folder, as that records it: whether a process is at work there or not.
  ///
  /// - Throws: `RunFailure`, `StoreError`; `ScheduleError`, `DatasetError` where its plan cannot be made any
  ///   more.
  package init(of recorded: RecordedRun, surroundings: Surroundings) throws {
    let session = try recorded.session(surroundings)
    let plan = try session.preview().plan
    var curves = RunCurves()
    curves.read(recorded.folder.events)
    let isRunning = FileLock.isHeld(path: recorded.folder.lock)
    let model = isRunning ? nil : try? StoredModel(path: recorded.folder.result)
    self.init(
      recorded.folder, plan.expanded(by: recorded.manifest.recordsByKey), recorded.manifest,
      curves, isRunning: isRunning, sizes: model.flatMap(ModelSizes.init(inPassing:)),
      masks: session.schedule.data.image.flatMap { image in
        model.flatMap { MaskPictures($0.state.network, image: image) }
      }, time: surroundings.now())
  }
}

extension RunReport {
  /// What has to be left free on the disk, so that a report never takes the room of a checkpoint.
  private static let spared = 8 << 20

  /// Writes the report into the run's folder, in place of the one that is there.
  ///
  /// - Throws: `StoreError`; `RunFailure.invalid` on a disk that is nearly full.
  package func write(_ surroundings: Surroundings) throws {
    let files = files
    if let free = surroundings.freeSpace(folder.path), free < files.bytes + Self.spared {
      throw RunFailure.invalid("\(folder.report): the disk is nearly full")
    }
    try files.replace(at: folder.report)
  }
}
