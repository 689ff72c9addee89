import Schedules
import Storage

/// What stands in the run's folder when this run puts its own in that place.
extension RunSession {
  /// What should be known of that: that the folder was another schedule's, or that its result was made with
  /// other settings. Nil where the run goes on with what is there.
  func replacement(of existing: Manifest, by plan: Plan) -> Notice? {
    if let note = otherOwner(of: existing) { return .note(note) }
    // Other data, and another engine, are told of in words of their own.
    guard existing.data.facts.digest == plan.facts.digest,
      Fingerprint.engineDifferences(of: existing).isEmpty
    else { return nil }
    return otherResult(in: existing, than: plan).map(Notice.warning)
  }

  /// That the folder's last run was of another schedule, which only has the same name; nil where it was of
  /// this one, also under another path.
  private func otherOwner(of existing: Manifest) -> String? {
    let path = FilePaths.absolute(schedulePath)
    guard existing.schedulePath != path, options.folder == nil,
      let last = try? FilePaths.read(folder.schedule), last != recordedSchedule
    else { return nil }
    return
      "\(folder.path): the last run here was of another schedule with the name \(schedule.name), "
      + "\(existing.schedulePath); stages that are the same are not done again, all others are computed beside "
      + "them, and the folder is this schedule's from now on; to keep both apart, change the name in one of "
      + "them, or start anew with --fresh"
  }

  /// That the model which the result points at is none of `plan`; nil where it is one.
  private func otherResult(in existing: Manifest, than plan: Plan) -> String? {
    guard let file = FilePaths.linkTarget(folder.result),
      let result = existing.stages.last(where: { $0.file == file }),
      plan.stage(under: result.key) == nil,
      let difference = difference(of: plan, from: result, existing)
    else { return nil }
    let name = FilePaths.name(of: folder.unusedPath(folder.path))
    return
      "\(folder.path): its result was made with other settings (\(difference)); "
      + "what these make takes its place, and the old model stays in \(file): the old settings bring it back, "
      + "without computing it again; to keep both results, give this one a name of its own: --set name=\(name)"
  }

  /// In what `plan` first differs from the stages that came to `result`; nil where that is a trial of a search
  /// which goes on.
  private func difference(
    of plan: Plan, from result: StageRecord, _ existing: Manifest
  ) -> String? {
    var old: [String: StageRecord] = [:]
    var next: StageRecord? = result
    while let record = next, old[record.name] == nil {
      old[record.name] = record
      next = existing.record(of: record.parent)
    }
    let stages = plan.stages.filter { $0.kind.changesModel && $0.trial == nil }
    let edited = stages.first { stage in
      old[stage.name].map { $0.settings != stage.settings } == true
    }
    let own = edited.flatMap { stage in
      old[stage.name].map {
        (stage.name, JSONDifference.all(from: $0.settings, to: stage.settings))
      }
    }
    let texts =
      plan.rootChanges(since: existing).map(\.description)
      + (own.map { name, changes in changes.map { "\($0) in stage \(name)" } } ?? [])
    if !texts.isEmpty { return JSONDifference.listed(texts) }
    guard let new = stages.first(where: { old[$0.name]?.key != $0.key }) else {
      return "stage \(result.name) is gone"
    }
    if old[new.name] != nil { return "stage \(new.name) goes on from another one" }
    return new.kind == .search ? nil : "stage \(new.name) is new"
  }
}
