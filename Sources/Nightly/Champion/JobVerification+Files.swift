import Runs
import Storage

/// The files of a job beside checkpoints and decisions.
extension JobVerification {
  /// What is damaged, or gone, of the files that only jobs have, in the folder of `night`.
  func filesOfNight(_ night: String, in history: NightHistory) -> [VerificationFinding] {
    let run = folder.night(night)
    var found: [VerificationFinding] = []
    let decisions = history.decisions.filter { $0.night == night }
    let note = run.file(NightNote.file)
    if NightNote(in: run) == nil,
      FilePaths.isTaken(note) || decisions.contains(where: \.isOfNetwork)
    {
      found.append(
        finding(
          note, reason(note),
          FilePaths.exists(run.manifest)
            ? "the next night writes it anew" : remedy(for: night, champion: history.champion)))
    }
    // What a night was judged by stays with it, for whoever goes back to its network.
    if night != history.champion, decisions.contains(where: { $0.challenger != nil }) {
      let witness = run.file(Witness.file)
      if Witness(in: run) == nil {
        found.append(
          finding(witness, reason(witness), remedy(for: night, champion: history.champion)))
      }
    }
    let record = run.file(ExportRecord.file)
    if let exports = ExportRecord(in: run) {
      let advice =
        "ecpipe export \(ShellWord.quoted(run.result)) with --output and that path writes it again"
      found += exports.damages(in: run).map { finding($0.path, $0.reason, advice) }
    } else if FilePaths.isTaken(record)
      || hasServed(night, history) && haveLostRecord(night, history)
    {
      found.append(
        finding(
          record, reason(record),
          "what lies in exports cannot be compared with it; the next night writes both anew"))
    }
    return found
  }

  /// The files outside their folders that nights after `night` have written: an export stage writes to one path
  /// every night, and the last one's is there.
  func filesOfLaterNights(_ night: String) -> Set<String> {
    let later = folder.nights.drop { $0 != night }.dropFirst()
    return Set(
      later.flatMap { night -> [String] in
        let manifest = try? CheckpointStore.soundManifest(of: folder.night(night)).manifest
        return (manifest?.stages ?? []).flatMap { $0.files.map(\.path) }
      })
  }

  /// What a promotion of `night` has left that was killed while it wrote the exports of a network that was never in
  /// service, as a note; nil for nothing.
  func unfinishedExports(_ night: String, in history: NightHistory) -> String? {
    let run = folder.night(night)
    guard !hasServed(night, history), haveLostRecord(night, history),
      !FilePaths.isTaken(run.file(ExportRecord.file))
    else { return nil }
    return
      "\(run.exports): a promotion did not come to its end; ecpipe promote \(folder.name) \(night), or the next "
      + "night, writes the files again"
  }

  private func haveLostRecord(_ night: String, _ history: NightHistory) -> Bool {
    history.decisions.contains { $0.night == night }
      && NightExports(folder.night(night), pool: pool).haveLostRecord(of: history.champion)
  }

  private func hasServed(_ night: String, _ history: NightHistory) -> Bool {
    night == history.champion || NightHistory.served(by: history.decisions).contains(night)
  }

  /// What is wrong with the file at `path`, which cannot be read as what was written.
  private func reason(_ path: String) -> String {
    FilePaths.isTaken(path) ? "it is not as it was written" : "the file is gone"
  }

  /// What is damaged of the files in the folder of the job itself.
  var filesOfJob: [VerificationFinding] {
    var found: [VerificationFinding] = []
    if !folder.hasSoundNote {
      found.append(
        finding(
          folder.note, "it is not as it was written", "move it away; the next night writes it anew")
      )
    }
    if FilePaths.isTaken(folder.rows), NightRows(in: folder) == nil {
      found.append(
        finding(
          folder.rows, "it is not as it was written",
          "the next night writes it anew, and cannot tell how many of its rows are new"))
    }
    return found
  }

  private func finding(_ file: String, _ reason: String, _ remedy: String) -> VerificationFinding {
    VerificationFinding(file: file, stage: nil, reason: reason, remedy: remedy)
  }
}
