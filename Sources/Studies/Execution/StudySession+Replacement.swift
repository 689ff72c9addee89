import Runs
import Schedules
import Storage

/// What stands in the study's folder when a study that was edited puts its own in that place.
extension StudySession {
  /// The study that the folder was last computed by.
  struct Predecessor {
    fileprivate let record: StudyRecord
    fileprivate let bytes: [UInt8]
  }

  /// The study before this one, where it was another; nil elsewhere.
  func predecessor() -> Predecessor? {
    guard !options.fresh, let record = try? StudyRecord.read(folder),
      record.studyDigest != Digest.sha256(bytes), let old = try? FilePaths.read(folder.study),
      Digest.sha256(old) == record.studyDigest
    else { return nil }
    return Predecessor(record: record, bytes: old)
  }

  /// That results of `old` are none of `plan`, and what is other in this study; nil where all of them are.
  func replacement(
    of old: Predecessor?, by plan: StudyPlan, _ results: [String: StudyResult]
  ) -> Notice? {
    guard let old else { return nil }
    let planned = Set(plan.cells.map(\.key))
    let left = old.record.cells.count { results[$0.key] != nil && !planned.contains($0.key) }
    guard left > 0 else { return nil }
    let changes = difference(from: old)
    let reason = changes.isEmpty ? "its data are others" : JSONDifference.listed(changes)
    return .warning(
      "\(folder.path): \(counted(left, "result was", "results were")) measured with other settings (\(reason)) and "
        + "\(left == 1 ? "is" : "are") left out of the table and the page; the journal keeps "
        + "\(left == 1 ? "it" : "them"): the old settings bring \(left == 1 ? "it" : "them") back, without measuring "
        + "again; to keep both tables, give this study a name of its own")
  }

  /// In what the form that is computed differs from that of `old`.
  private func difference(from old: Predecessor) -> [String] {
    func written(_ bytes: [UInt8]) -> JSONValue? {
      guard let forms = try? StudyForms(bytes),
        case .object(var study) = forms.field(quick: options.isQuick).node.json
      else { return nil }
      study["quick"] = nil
      return .object(study)
    }
    guard let before = written(old.bytes), let now = written(bytes) else { return [] }
    return JSONDifference.all(from: before, to: now).map(\.description)
  }
}
