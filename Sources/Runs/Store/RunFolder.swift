import ModelFiles
import Storage

/// The names of what lies in a run's folder.
package struct RunLayout: FolderLayout {
  package var manifest = RunLayout.kind.mark
  /// What has changed since the manifest was last written.
  package var journal = "run.journal"
  /// The schedule as it was given.
  package var schedule = "schedule.yaml"
  /// What that becomes, from before the manifest says so until it has, and the result leads where it says.
  package var nextSchedule = "schedule.next.yaml"
  package var events = "events.jsonl"
  /// What outside the run depends on its checkpoints.
  package var pins = "pins.jsonl"
  /// Where an interrupted stage stands.
  package var progress = "progress.safetensors"
  /// The link to the last model.
  package var result = "result.safetensors"
  /// The network that the run begins with in place of what its schedule says, where it does.
  package var start = "start.safetensors"

  /// Of a night: the files that were asked for beside its network.
  package var exports = "exports"

  /// What the run has come to, as a page; its numbers lie beside it as .json and .csv.
  package var report = "report.html"

  package static let kind = FolderKind.run
  package static let standard = RunLayout()
}

/// Where the files of one run lie.
package typealias RunFolder = WorkFolder<RunLayout>

extension WorkFolder where Layout == RunLayout {
  package var manifest: String { file(layout.manifest) }
  package var journal: String { file(layout.journal) }
  package var schedule: String { file(layout.schedule) }
  package var nextSchedule: String { file(layout.nextSchedule) }
  package var events: String { file(layout.events) }
  package var pins: String { file(layout.pins) }
  package var progress: String { file(layout.progress) }
  package var result: String { file(layout.result) }
  package var start: String { file(layout.start) }
  package var exports: String { file(layout.exports) }
  package var report: String { file(layout.report) }

  /// The names of all files that have the ending of a checkpoint, whatever lists them.
  var checkpointNames: [String] {
    FilePaths.entries(of: path).filter { CheckpointName.ending(of: $0) != nil }
  }

  /// Whether there is one.
  var hasCheckpoints: Bool { !checkpointNames.isEmpty }
}
