import Schedules
import Storage

/// What the copy of the schedule says, whose settings `run.json` records.
extension RunVerification {
  /// The plan of the copy; nil where it is not the schedule that was run, which is said, or where it cannot be
  /// planned here.
  func recordedPlan(_ manifest: Manifest, _ report: inout VerificationReport) -> Plan? {
    guard FilePaths.isTaken(folder.schedule) else {
      // It is written after run.json, so a run that was killed right then has none.
      if !manifest.stages.isEmpty { addCopy("the file is gone", manifest, to: &report) }
      return nil
    }
    guard FilePaths.size(of: folder.schedule) != nil else {
      addCopy("it is no regular file", manifest, to: &report)
      return nil
    }
    do {
      let session = try RecordedRun(folder, manifest).session(surroundings) {
        $0.copy = folder.schedule
      }
      guard !beginsWithOther(session.schedule, than: manifest) else {
        report.notes.append(
          "\(folder.schedule): not compared with run.json, because the file of model.start is another by now"
        )
        return nil
      }
      let changes = try changes(of: session.schedule, since: manifest)
      guard changes.isEmpty else {
        let texts = changes.map(\.description)
        addCopy(
          "it is not the schedule that run.json records (\(JSONDifference.listed(texts)))",
          manifest,
          to: &report)
        return nil
      }
      if let lost = session.lostStartNote { report.notes.append(lost) }
      return try? session.plan(recordedBy: manifest)
    } catch let error as ScheduleError {
      if error.isOfSurroundings || error.isOfData || beginsElsewhere(manifest) && !error.isOfText {
        report.notes.append(
          "\(folder.schedule): not compared with run.json, because it cannot be read here as it was then "
            + "(\(error.problems.first.map { "\($0.fault)" } ?? "\(error)"))")
      } else {
        addCopy("it cannot be read as a schedule (\(Self.first(of: error)))", manifest, to: &report)
      }
    } catch {
      report.notes.append("\(folder.schedule): not compared with run.json: \(error)")
    }
    return nil
  }

  /// What the copy says otherwise than `run.json`. A setting that `run.json` of this engine does not know, and
  /// that can change a result, was added. `nightly` changes none, and the copy does not have its addresses. A
  /// night is begun with the network in its folder, wherever that lay.
  private func changes(
    of schedule: RunSchedule, since manifest: Manifest
  ) throws -> [JSONDifference] {
    // As it is read back from a manifest.
    let json = try JSONValue(parsing: Array(schedule.json.canonical.utf8))
    let hasOwnStart = FilePaths.isTaken(folder.start)
    let isOfThisEngine = Fingerprint.engineDifferences(of: manifest).isEmpty
    return JSONDifference.all(from: manifest.schedule, to: json).filter {
      ($0.before != nil || isOfThisEngine && Self.canChangeResult(added: $0))
        && $0.path.split(separator: ".").first != "nightly"
        && !(hasOwnStart && $0.path == "model.start")
    }
  }

  /// Whether the setting that `added` is about, which was not there, can change a result: not with the value
  /// that holds without it.
  private static func canChangeResult(added: JSONDifference) -> Bool {
    guard let value = added.now, !value.isNull else { return false }
    guard case .found(let places) = RunSchedule.description.lookup(added.path) else { return true }
    return places.contains { place in
      if case .standard(let standard) = place.setting.absence, standard == value { return false }
      // Where a file lies changes nothing; that it is read does.
      if case .path = place.setting.shape { return true }
      return place.setting.changesResult
    }
  }

  // MARK: The network that it begins with

  /// Whether the run begins with a network that is in no file of its own, and so may be another by now.
  private func beginsElsewhere(_ manifest: Manifest) -> Bool {
    manifest.schedule["model"]?["start"]?.stringValue != nil && !FilePaths.isTaken(folder.start)
  }

  /// Whether the network that `schedule` begins with has other bytes than that of the run, and with them what
  /// the schedule leaves unsaid.
  private func beginsWithOther(_ schedule: RunSchedule, than manifest: Manifest) -> Bool {
    guard beginsElsewhere(manifest), let start = schedule.model.start,
      schedule.json["model"]?["start"] == manifest.schedule["model"]?["start"],
      let recorded = manifest.root.settings["model"]?["start"]?.stringValue
    else { return false }
    return start.digest != recorded
  }

  private static func first(of error: ScheduleError) -> String {
    guard let problem = error.problems.first else { return "\(error)" }
    let path = problem.path.isEmpty ? "" : problem.path + ": "
    return "line \(problem.position.line): \(path)\(problem.fault)"
  }

  private func addCopy(
    _ reason: String, _ manifest: Manifest, to report: inout VerificationReport
  ) {
    let path = manifest.schedulePath
    let again = "ecpipe run \(ShellWord.quoted(path)) writes the copy again"
    let remedy =
      if NamedFile(path).isStream {
        "the schedule came from a pipe; give it to ecpipe run once more, which writes the copy again "
          + "(run.json records its settings)"
      } else if FilePaths.exists(path) {
        again
      } else {
        "put the schedule back (run.json records its settings), and \(again)"
      }
    // It is written after run.json, so a run that was killed right then has the one of before.
    if manifest.stages.isEmpty || isAnnounced {
      report.notes.append(
        "\(folder.schedule): \(reason), as a run leaves it that was killed; \(remedy)")
    } else {
      report.add(folder.schedule, nil, reason, remedy)
    }
  }

  /// Whether the copy is the one that a killed run was to replace, or the one that it was to write: then `run.json`
  /// may be that of the other.
  private var isAnnounced: Bool {
    do {
      guard let bytes = try FilePaths.readIfThere(folder.nextSchedule) else { return false }
      guard let announcement = ScheduleAnnouncement(bytes) else { return true }
      return announcement.allows(try FilePaths.readIfThere(folder.schedule))
    } catch {
      return false
    }
  }
}
