import Glibc
import ModelFiles
import Schedules
import Storage

/// Compares every file of a run with what the manifest, or the file itself, says of it. Reads only;
/// needs neither the schedule nor the data, and no lock: a run may go on meanwhile.
package struct RunVerification {
  package let folder: RunFolder
  let surroundings: Surroundings

  /// - Parameter surroundings: with the values of `${NAME}` in the run's schedule.
  package init(folder: RunFolder, surroundings: Surroundings) {
    self.folder = folder
    self.surroundings = surroundings
  }

  /// Looks at the manifest, every checkpoint that it lists, the saved progress, the copy of the schedule, the
  /// result and the pins.
  ///
  /// - Throws: `RunFailure.missing`, `.invalid` for a manifest of another format, `StoreError` for
  ///   what cannot be read.
  package func report() throws -> VerificationReport {
    try settled(inspect) { !$0.report.findings.isEmpty }.report
  }

  /// What `look` finds. A run that commits or begins anew, or a collection that lets go, may change the folder
  /// under the reader: what is found damaged has to be so under a manifest that stays the same, and once more
  /// where a process was at work, which changes other files behind the manifest.
  func settled<Found>(_ look: () throws -> Found, isDamage: (Found) -> Bool) rethrows -> Found {
    var attempts = 0
    var hasWaited = false
    while true {
      attempts += 1
      let before = manifestFiles
      let wasAtWork = FileLock.isHeld(path: folder.lock)
      let found = try look()
      if !isDamage(found) || attempts == 5 { return found }
      let isAtWork = wasAtWork || FileLock.isHeld(path: folder.lock)
      if isChanged(since: before) { continue }
      if !isAtWork || hasWaited { return found }
      hasWaited = true
    }
  }

  /// Whether the manifest is another than `before`, now or, where a process is at work, in a moment: it renames
  /// files before it says so.
  private func isChanged(since before: [[UInt8]?]) -> Bool {
    for _ in 0..<40 {
      if manifestFiles != before { return true }
      guard FileLock.isHeld(path: folder.lock) else { break }
      usleep(50_000)
    }
    return manifestFiles != before
  }

  /// The contents of the journal and of the manifest, nil for what cannot be read, and which files have a mark.
  private var manifestFiles: [[UInt8]?] {
    [folder.journal, folder.manifest].map { try? FilePaths.readIfThere($0) }
      + ReleaseMarks(in: folder).files.map { Array($0.utf8) }
  }

  /// What a single look finds, the manifest that it was compared with, and the keys of the stages whose
  /// checkpoints are sound; the manifest is nil where it is damaged.
  func inspect() throws -> (
    report: VerificationReport, manifest: Manifest?, sound: Set<String>
  ) {
    if !FilePaths.exists(folder.manifest), folder.hasCheckpoints {
      let isLink = FilePaths.isTaken(folder.manifest)
      return (
        try withoutManifest(
          (folder.manifest, isLink ? "it is a link to nothing" : "the file is gone")),
        nil, []
      )
    }
    let (present, damage) = try CheckpointStore.soundManifest(of: folder)
    guard let manifest = present else {
      guard let damage else {
        throw RunFailure.missing(path: folder.manifest, what: "start the run with ecpipe run")
      }
      return (try withoutManifest(damage), nil, [])
    }
    let store = CheckpointStore(reading: folder, manifest: manifest)
    var report = VerificationReport(name: manifest.name)
    if let damage { add(damage, to: &report) }
    var sound: Set<String> = []
    for record in manifest.stages where record.file != nil {
      report.checkpoints += 1
      do {
        report.bytes += try store.bytes(of: record).count
        if let base = store.missingBase(of: record) {
          throw RunFailure.damaged(
            file: folder.file(record.file ?? ""),
            reason: "\(CheckpointError.missingBase(key: base))")
        }
        sound.insert(record.key)
      } catch RunFailure.damaged(let file, let reason) {
        let entry = entryDamage(record.file ?? "", in: store).map { " (\($0))" } ?? ""
        report.add(file, record.name, reason + entry, remedy(for: record.name))
      } catch let error as StoreError where error.isMissing || error.isOfNoFile || error.code == EIO
      {
        // Gone since its size was looked at, no file, or the disk cannot give it back.
        report.add(
          error.path, record.name, "it cannot be read (\(error))", remedy(for: record.name))
      }
    }
    try addProgress(store, to: &report)
    addResult(manifest, recordedPlan(manifest, &report), to: &report)
    addPins(manifest, to: &report)
    addUnlisted(store, to: &report)
    addWritten(manifest, to: &report)
    return (report, manifest, sound)
  }

  /// How a checkpoint is put back.
  func remedy(for stage: String) -> String {
    "ecpipe replay \(stage) \(ShellWord.quoted(folder.path)) --restore computes it again and puts it back"
  }

  /// What the file's own digests say of the file `name`; nil where they find nothing.
  private func entryDamage(_ name: String, in store: CheckpointStore) -> String? {
    do {
      _ = try store.unlisted(name)
    } catch RunFailure.damaged(_, let reason) {
      return FilePaths.size(of: folder.file(name)) == nil
        ? nil : CheckpointError.withoutRemedy(reason)
    } catch {}
    return nil
  }

  // MARK: What the manifest does not list

  private func addProgress(
    _ store: CheckpointStore, to report: inout VerificationReport
  ) throws {
    guard FilePaths.isTaken(folder.progress) else { return }
    guard let size = FilePaths.size(of: folder.progress) else {
      // A file that is gone by now belonged to a stage that has ended meanwhile.
      if FilePaths.isTaken(folder.progress) { addProgress("it is no regular file", to: &report) }
      return
    }
    do {
      if try store.progress() != nil { report.bytes += size }
    } catch RunFailure.damaged(_, let reason) {
      addProgress(reason, to: &report)
    }
  }

  private func addProgress(_ reason: String, to report: inout VerificationReport) {
    let summary = try? StoredCheckpoint.summary(of: folder.progress)
    report.add(
      folder.progress, summary?.lineage["stage"]?.stringValue, reason,
      "ecpipe run sets it aside and starts the interrupted stage anew")
  }

  /// A link that is behind, or not yet there, is what a killed run leaves; the next one moves it.
  private func addResult(
    _ manifest: Manifest, _ plan: Plan?, to report: inout VerificationReport
  ) {
    let listed = manifest.stages.filter { $0.file != nil }
    let remedy = "ecpipe run points it at the last stage again"
    guard FilePaths.isTaken(folder.result) else {
      if !listed.isEmpty {
        report.notes.append("\(folder.result): not there yet; \(remedy)")
      }
      return
    }
    guard let target = FilePaths.linkTarget(folder.result) else {
      report.add(folder.result, nil, "it is no link to a checkpoint", "move it away; \(remedy)")
      return
    }
    if let stage = listed.last(where: { $0.file == target }) {
      if let plan { addResult(stage, plan, manifest, remedy: remedy, to: &report) }
      return
    }
    // The stage is being computed again, and its old checkpoint has another name by now.
    let isReplaced = FilePaths.entries(of: folder.path).contains { name in
      name.hasPrefix(target + CheckpointName.replaced) || name.hasPrefix(target + ".damaged")
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

  /// Files outside the folder. That one is gone is its owner's business; that one is not what was
  /// written is worth knowing. Of several records of one path the last speaks.
  private func addWritten(_ manifest: Manifest, to report: inout VerificationReport) {
    var seen: Set<String> = []
    for record in manifest.stages.reversed() {
      for file in record.files where seen.insert(file.path).inserted {
        if FilePaths.size(of: file.path) == nil {
          report.notes.append(
            "\(file.path): not there any more; ecpipe run writes it again (stage \(record.name))")
        } else if !file.isIntact {
          report.add(
            file.path, record.name, "it is not what the stage has written",
            "move it away if you want it; ecpipe run writes the stage's again")
        }
      }
    }
  }

  private func addUnlisted(_ store: CheckpointStore, to report: inout VerificationReport) {
    let released = Set(
      store.manifest.stages.filter(\.isReleased).map { CheckpointName.ending(key: $0.key) })
    for (ending, names) in store.unlistedFiles().sorted(by: { $0.key < $1.key }) {
      for name in names {
        report.notes.append(
          folder.file(name)
            + (released.contains(ending)
              ? ": let go by ecpipe gc or run --from, which was killed; the next ecpipe run, or gc that keeps less "
                + "than all, takes it away"
              : ": run.json does not list it; ecpipe run takes it up if it is of its schedule"))
      }
    }
  }

  /// What is said of the manifest, or its journal, that is damaged.
  private func add(
    _ damage: (file: String, reason: String), to report: inout VerificationReport
  ) {
    report.add(
      damage.file, nil, damage.reason,
      "ecpipe run takes up the checkpoints that are sound, and writes it anew")
  }

  /// Without its manifest a run still has checkpoints that carry digests of their own.
  private func withoutManifest(
    _ damage: (file: String, reason: String)
  ) throws -> VerificationReport {
    var report = VerificationReport(name: folder.name)
    add(damage, to: &report)
    for name in folder.checkpointNames {
      report.checkpoints += 1
      do {
        _ = try StoredCheckpoint.contents(of: folder.file(name))
        report.bytes += FilePaths.size(of: folder.file(name)) ?? 0
      } catch let failure as RunFailure {
        var reason = "\(failure)"
        if case .damaged(_, let text) = failure { reason = text }
        report.add(
          folder.file(name), nil, reason, "ecpipe run computes its stage again where it is needed")
      }
    }
    return report
  }
}
