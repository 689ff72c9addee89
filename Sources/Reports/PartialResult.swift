import Runs
import Storage

/// The result of a run that has not come to its end: what its last finished stage has made.
package struct PartialResult: Sendable, Equatable {
  package let folder: RunFolder
  /// The stage that the result is from; nil where no record says it.
  package let stage: String?
  /// Stages that change the model and are still to do.
  package let open: Int
  /// Whether the schedule has other settings now than the result was made by.
  package let isChanged: Bool

  /// Nil for a model that is no run's result, for that of a finished run, and where the schedule cannot be read.
  /// The data are not read: what was recorded of them counts.
  ///
  /// - Parameter path: the model's file.
  package init?(_ path: String, _ surroundings: Surroundings) {
    folder = RunFolder(path: FilePaths.folder(of: path))
    guard path == folder.result, let recorded = try? RecordedRun(folder: folder) else { return nil }
    let manifest = recorded.manifest
    let folder = folder
    // A night's schedule may be another by now, and its network is whole all the same.
    let isNight = NightlyFolder(path: FilePaths.folder(of: folder.path)).isThere
    let session = try? recorded.session(surroundings) {
      if isNight, FilePaths.exists(folder.schedule) { $0.copy = folder.schedule }
    }
    guard let session,
      let plan = try? Plan(of: session.schedule, facts: manifest.data.facts)
    else { return nil }
    let status = RunStatus(
      of: plan.expanded(by: manifest.recordsByKey), in: folder, manifest: manifest)
    let open = status.stages.filter { $0.isOpen && $0.kind.changesModel }
    if open.isEmpty { return nil }
    self.open = open.count
    isChanged = open.contains { !$0.changes.isEmpty }
    let file = FilePaths.linkTarget(folder.result).map { FilePaths.name(of: $0) }
    stage = manifest.stages.last { $0.file != nil && $0.file == file }?.name
  }
}

extension PartialResult: CustomStringConvertible {
  package var description: String {
    "\(folder.path): this is the network "
      + (stage.map { "of stage \($0)" } ?? "as far as the run has come")
      + (isChanged ? ", and by the schedule as it is now " : ", and ")
      + "\(counted(open, "stage")) that change\(open == 1 ? "s" : "") it \(open == 1 ? "is" : "are") still to "
      + "do; ecpipe resume \(ShellWord.quoted(folder.path)) goes on"
  }
}
