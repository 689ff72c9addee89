import Runs
import Storage

/// The names of what lies in a study's folder, beside the checkpoints of its dense networks.
package struct StudyLayout: FolderLayout {
  /// The study as it was given.
  package var study = StudyLayout.kind.mark
  /// What that becomes, from before the record says so until it has.
  package var nextStudy = "study.next.yaml"
  /// What the folder is to hold.
  package var record = FolderKind.studyRecord
  /// The results of finished cells.
  package var cells = "cells.jsonl"
  /// What began, ended and failed.
  package var events = "events.jsonl"
  package var results = "results.csv"
  package var report = "report.html"
  /// A folder for each of the workers that share the study.
  package var workers = "workers"
  /// What they have claimed.
  package var claims = "claims"

  package static let kind = FolderKind.study
  package static let standard = StudyLayout()
}

/// Where the files of one study lie.
package typealias StudyFolder = WorkFolder<StudyLayout>

extension WorkFolder where Layout == StudyLayout {
  package var study: String { file(layout.study) }
  package var nextStudy: String { file(layout.nextStudy) }
  package var record: String { file(layout.record) }
  package var cells: String { file(layout.cells) }
  package var events: String { file(layout.events) }
  package var results: String { file(layout.results) }
  package var report: String { file(layout.report) }
  package var workers: String { file(layout.workers) }
  package var claims: String { file(layout.claims) }

  /// Whether a study has left something here that is written only behind its record.
  package var hasBegun: Bool {
    (journals + [events, results]).contains(where: FilePaths.exists)
  }
}
