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
    try settled(inspect, findings: \.report.findings).report
  }

  /// What a single look finds.
  struct Inspection {
    var report: VerificationReport
    /// What the files were compared with; nil where it is damaged.
    var manifest: Manifest?
    /// The keys of the stages whose checkpoints are sound.
    var sound: Set<String>
  }

  /// How often a folder is looked at that changes each time.
  private static let looks = 5

  /// What `look` finds. A run that commits or begins anew, or a collection that lets go, may change the folder
  /// under the reader: what is found damaged has to be so under a manifest that stays the same, and once more
  /// where a process was at work, which changes other files behind the manifest. Where the manifest stays the same
  /// in no look, because stages are committed faster than they are read, damaged is what every look finds so.
  ///
  /// `SteadyLook` does so for folders that have no such record, and waits for less long.
  package func settled<Found>(
    _ look: () throws -> Found, findings: WritableKeyPath<Found, [VerificationFinding]>
  ) rethrows -> Found {
    var lasting: [VerificationFinding]?
    var attempts = 0
    var hasWaited = false
    while true {
      attempts += 1
      let before = manifestFiles
      let wasAtWork = FileLock.isHeld(path: folder.lock)
      var found = try look()
      let inThis = found[keyPath: findings]
      if inThis.isEmpty { return found }
      let isAtWork = wasAtWork || FileLock.isHeld(path: folder.lock)
      if isChanged(since: before) {
        lasting = lasting?.filter(inThis.contains) ?? inThis
        guard attempts >= Self.looks else { continue }
        found[keyPath: findings] = lasting ?? inThis
        return found
      }
      if !isAtWork || hasWaited || attempts >= Self.looks { return found }
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

  /// What a single look finds.
  func inspect() throws -> Inspection {
    // It is moved behind the manifest, so a manifest that is read later lists what it leads to.
    let result = ResultLink(at: folder.result)
    if !FilePaths.exists(folder.manifest), folder.hasCheckpoints {
      let isLink = FilePaths.isTaken(folder.manifest)
      return Inspection(
        report: try withoutManifest(
          (folder.manifest, isLink ? "it is a link to nothing" : "the file is gone")),
        manifest: nil, sound: [])
    }
    let (present, damage) = try CheckpointStore.soundManifest(of: folder)
    guard let manifest = present else {
      guard let damage else {
        throw RunFailure.missing(path: folder.manifest, what: "start the run with ecpipe run")
      }
      return Inspection(report: try withoutManifest(damage), manifest: nil, sound: [])
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
    addResult(result, manifest, recordedPlan(manifest, &report), to: &report)
    addPins(manifest, to: &report)
    addUnlisted(store, to: &report)
    addWritten(manifest, to: &report)
    return Inspection(report: report, manifest: manifest, sound: sound)
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
