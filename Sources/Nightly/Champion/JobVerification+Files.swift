import Runs
import Storage

/// The files of a job beside checkpoints and decisions.
extension JobVerification {
  /// What is damaged of the files that only jobs have, in the folder of `night`.
  func filesOfNight(_ night: String) -> [VerificationFinding] {
    let run = folder.night(night)
    var found: [VerificationFinding] = []
    let note = run.file(NightNote.file)
    if FilePaths.isTaken(note), NightNote(in: run) == nil {
      found.append(
        finding(note, "it is not as it was written", "nothing in service needs it; move it away"))
    }
    let record = run.file(ExportRecord.file)
    let advice =
      "ecpipe export \(ShellWord.quoted(run.result)) with --output and that path writes it again"
    if let exports = ExportRecord(in: run) {
      found += exports.damages(in: run).map { finding($0.path, $0.reason, advice) }
    } else if FilePaths.isTaken(record) {
      found.append(
        finding(
          record, "it is not as it was written",
          "what lies in exports cannot be compared with it; \(advice)"))
    }
    return found
  }

  /// What is damaged of the files in the folder of the job itself.
  var filesOfJob: [VerificationFinding] {
    guard FilePaths.isTaken(folder.rows), NightRows(in: folder) == nil else { return [] }
    return [
      finding(
        folder.rows, "it is not as it was written",
        "the next night writes it anew, and cannot tell how many of its rows are new")
    ]
  }

  private func finding(_ file: String, _ reason: String, _ remedy: String) -> VerificationFinding {
    VerificationFinding(file: file, stage: nil, reason: reason, remedy: remedy)
  }
}
