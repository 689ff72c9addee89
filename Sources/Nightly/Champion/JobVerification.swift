import NumericCore
import Runs
import Storage

/// Looks at everything in the folder of a nightly job: every night as a run, the decisions, the link, and what
/// the network in service makes of the rows that were recorded.
package struct JobVerification {
  let folder: NightlyFolder
  let pool: WorkerPool
  let surroundings: Surroundings

  /// - Parameter surroundings: with the values of `${NAME}` in the nights' schedules.
  package init(_ folder: NightlyFolder, pool: WorkerPool, surroundings: Surroundings) {
    self.folder = folder
    self.pool = pool
    self.surroundings = surroundings
  }

  /// What is found; beside a process at work only what is found again and again.
  ///
  /// - Throws: `StoreError` for what cannot be read, `RunFailure` for a manifest of another format.
  package func report() throws -> VerificationReport {
    try SteadyLook(at: folder, [folder.layout.decisions]).report(look)
  }

  /// What a single look finds: a night at work may have changed something between two of its reads.
  private func look() throws -> VerificationReport {
    let isAtWork = FileLock.isHeld(path: folder.lock)
    var report = VerificationReport(name: folder.name)
    let history = try NightHistory(folder)
    for night in folder.nights {
      let isFinished = history.decisions.contains { $0.night == night && $0.isOfNetwork }
      guard isFinished || FilePaths.exists(folder.night(night).manifest) else { continue }
      let found = try run(of: night)
      report.checkpoints += found.checkpoints
      report.bytes += found.bytes
      // The manifests of all later nights are read for it, so only where something can be in them.
      let isInside = { (file: String) in file.hasPrefix(folder.night(night).path + "/") }
      let rewritten =
        found.findings.allSatisfy { isInside($0.file) } ? [] : filesOfLaterNights(night)
      report.findings += found.findings.filter { !rewritten.contains($0.file) }.map { finding in
        VerificationFinding(
          file: finding.file, stage: finding.stage, reason: finding.reason,
          remedy: remedy(for: finding.file, of: night, champion: history.champion))
      }
      report.notes += found.notes
      report.findings += filesOfNight(night, in: history)
      if !isAtWork, let note = unfinishedExports(night, in: history) { report.notes.append(note) }
    }
    report.findings += filesOfJob
    for line in history.damaged {
      report.findings.append(
        VerificationFinding(
          file: folder.decisions, stage: nil, reason: "line \(line) is not as it was written",
          remedy: "it does not count; the champion is what the link says"))
    }
    if history.isTorn {
      report.notes.append(
        "\(folder.decisions): its last line was never finished, or is cut off, and does not count")
    }
    if let obstacle = NightlyFolder.obstacle(toLink: folder.champion) {
      report.findings.append(
        VerificationFinding(
          file: folder.champion, stage: nil, reason: obstacle,
          remedy: "ecpipe history \(folder.name) names the night that it led to"))
    } else if let problem = history.standing.problem, let remedy = history.standing.remedy {
      if history.isUnfinished {
        report.notes.append("\(folder.champion): \(problem); \(remedy)")
      } else {
        report.findings.append(
          VerificationFinding(file: folder.champion, stage: nil, reason: problem, remedy: remedy))
      }
    }
    if let champion = history.champion {
      if DataProfile(in: folder.night(champion)) == nil {
        report.findings.append(
          VerificationFinding(
            file: folder.night(champion).file(DataProfile.file), stage: nil,
            reason: "it is missing or damaged",
            remedy:
              "nights go on without comparing their rows with the champion's; the next network "
              + "that is promoted has one"))
      }
      do {
        try Service(folder, pool: pool).check(
          champion, digest: NightHistory.digest(of: champion, in: history.decisions))
      } catch {
        report.findings.append(
          VerificationFinding(
            file: folder.champion, stage: nil, reason: "\(error)",
            remedy: "ecpipe rollback \(folder.name) puts another network into service"))
      }
    }
    return report
  }

  /// What is found of the run of `night`.
  private func run(of night: String) throws -> VerificationReport {
    let run = folder.night(night)
    var report = VerificationReport(name: run.name)
    do {
      return try RunVerification(folder: run, surroundings: surroundings).report()
    } catch let error as StoreError {
      guard let finding = VerificationFinding(noFile: error) else { throw error }
      report.findings = [finding]
    } catch RunFailure.missing {
      report.findings = [
        VerificationFinding(file: run.manifest, stage: nil, reason: "the file is gone", remedy: "")
      ]
    }
    return report
  }

  /// What helps where `file` in the folder of `night` is damaged.
  private func remedy(for file: String, of night: String, champion: String?) -> String {
    let run = folder.night(night)
    switch file {
    case run.schedule:
      return "the night's network is sound without it; run.json records its settings"
    case run.pins:
      return
        "ecpipe export \(ShellWord.quoted(run.result)) with --output and the path of the file writes it "
        + "again, and the note"
    case _ where !file.hasPrefix(run.path + "/"):
      return
        "the next night writes its own; ecpipe export \(ShellWord.quoted(run.result)) with --output and that "
        + "path writes this one again"
    default: return remedy(for: night, champion: champion)
    }
  }

  /// What helps where a file of `night` is damaged. Computing it again does not: its data are gone.
  func remedy(for night: String, champion: String?) -> String {
    if night == champion {
      return "ecpipe rollback \(folder.name) puts another network into service"
    }
    return "nothing in service needs it, and rollback refuses it: let it go, with "
      + "ecpipe gc \(folder.name) --keep last=N, or by nightly.keep"
  }
}
