import ModelFiles
import Schedules
import Storage

/// To which checkpoint the link to the result leads.
extension RunVerification {
  /// What stands in the place of the link to the result.
  enum ResultLink {
    case absent
    case noLink
    case leading(to: String)

    init(at path: String) {
      if let target = FilePaths.linkTarget(path) {
        self = .leading(to: target)
      } else {
        self = FilePaths.isTaken(path) ? .noLink : .absent
      }
    }
  }

  /// A link that is behind, or not yet there, is what a killed run leaves; the next one moves it.
  func addResult(
    _ result: ResultLink, _ manifest: Manifest, _ plan: Plan?, to report: inout VerificationReport
  ) {
    let listed = manifest.stages.filter { $0.file != nil }
    let remedy = "ecpipe run points it at the last stage again"
    let target: String
    switch result {
    case .absent:
      if !listed.isEmpty { report.notes.append("\(folder.result): not there yet; \(remedy)") }
      return
    case .noLink:
      report.add(folder.result, nil, "it is no link to a checkpoint", "move it away; \(remedy)")
      return
    case .leading(let leading): target = leading
    }
    if let stage = listed.last(where: { $0.file == target }) {
      if let plan { addResult(stage, plan, manifest, remedy: remedy, to: &report) }
      return
    }
    // The stage is being computed again, and its old checkpoint has another name by now.
    let isReplaced = FilePaths.entries(of: folder.path).contains { name in
      name.hasPrefix(target + CheckpointName.replaced)
        || name.hasPrefix(target + DamagedFile.ending)
        || name == target && CheckpointName.isReplaced(name)
    }
    if isReplaced {
      report.notes.append("\(folder.result): leads to \(target), which was set aside; \(remedy)")
    } else {
      report.add(
        folder.result, nil, "it leads to \(target), which is no checkpoint that run.json lists",
        remedy)
    }
  }

  /// Compares where the link to the result leads, to the checkpoint of `target`, with the last model of the
  /// schedule that there is. A run that was killed may have left it one stage behind, and one of a changed
  /// schedule, however much of it is there, at a stage of the old one. A run at work may be about to move it, and
  /// one that was killed before it has moved it has left its announcement.
  private func addResult(
    _ target: StageRecord, _ plan: Plan, _ manifest: Manifest, remedy: String,
    to report: inout VerificationReport
  ) {
    // Models of another engine, or of another network to begin with, are in no plan that can be made now.
    guard plan.root.key == manifest.root.key, target.isPresent(in: folder) else { return }
    let stages = plan.stages.filter(\.kind.changesModel)
    let present = stages.filter { manifest.record(of: $0.key)?.isPresent(in: folder) == true }
    // What a search goes by while it goes on is its own business.
    guard let last = present.last, last.trial == nil, last.key != target.key else { return }
    let own = stages.first { $0.key == target.key }
    let isLeft = own.map { $0.trial != nil || $0.key == present.dropLast().last?.key } ?? true
    let text =
      "it leads to the model of stage \(target.name)" + (own == nil ? " of another schedule" : "")
      + " instead of \(last.name)"
    if isLeft || FilePaths.isTaken(folder.nextSchedule) || FileLock.isHeld(path: folder.lock) {
      report.notes.append(
        "\(folder.result): \(text), as a run leaves it that was killed; \(remedy)")
    } else {
      report.add(folder.result, nil, text, remedy)
    }
  }
}
