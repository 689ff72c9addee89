import Runs
import Storage

/// What finished nights have lost of their records is written anew, from the rest of their folders.
extension NightSession {
  /// Writes notes and records of exports anew that are damaged or gone; what is damaged stays beside them. What
  /// cannot be written anew is said, and is no obstacle.
  func mendRecords(_ decisions: [Decision], _ work: Work) {
    let decided = Set(decisions.map(\.night))
    for night in folder.nights where decided.contains(night) {
      let run = folder.night(night)
      guard FilePaths.exists(run.manifest) else { continue }
      if NightNote(in: run) == nil {
        mend(run.file(NightNote.file), work) { try note(of: night, decisions).write(to: run) }
      }
      let exports = NightExports(run, pool: work.pool)
      if exports.haveLostRecord(of: folder.linkedNight) {
        mend(run.file(ExportRecord.file), work) {
          _ = try exports.complete(options.surroundings)
        }
      }
    }
  }

  private func mend(_ path: String, _ work: Work, _ write: () throws -> Void) {
    do {
      var aside = ""
      if FilePaths.isTaken(path) {
        let copy = folder.unusedPath(forDamaged: path)
        try DurableFile.move(path, to: copy)
        aside = "; what was there is now \(copy)"
      }
      try write()
      work.say("warning: \(path): it was missing or damaged, and is written anew\(aside)")
    } catch {
      work.say("warning: \(path): it is missing or damaged, and cannot be written anew: \(error)")
    }
  }

  /// What the note of `night` has said, by its own copy of the schedule and by the network that it began with.
  ///
  /// - Throws: `RunFailure`, `ScheduleError`, `StoreError` where the folder does not tell.
  private func note(of night: String, _ decisions: [Decision]) throws -> NightNote {
    let run = folder.night(night)
    let session = try RecordedRun(folder: run).session(options.surroundings) {
      // The settings of a night are read without the network that it begins with.
      $0.start = nil
      if FilePaths.exists(run.schedule) { $0.copy = run.schedule }
    }
    return NightNote(
      start: try startOfNight(run, decisions), startedAt: NightName.time(of: night),
      recipe: NightRecipe(session.schedule))
  }

  /// The night whose network the one in `run` began with; nil for a new one.
  private func startOfNight(_ run: RunFolder, _ decisions: [Decision]) throws -> String? {
    guard FilePaths.exists(run.start) else { return nil }
    let digest = try Digest.sha256(fileAt: run.start)
    let source = decisions.first { $0.night != run.name && $0.challenger?.sha256 == digest }
    guard let source else {
      throw RunFailure.damaged(
        file: run.start, reason: "no decision tells whose network it is")
    }
    return source.night
  }
}
