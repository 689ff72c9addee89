import Pipeline
import Storage

extension RunSession {
  /// Refuses to go on from a model that was made under other circumstances than these, on which bits
  /// depend. Only headers are read, and nothing is written.
  ///
  /// - Parameter end: the number of the plan's stages that are to be computed.
  /// - Throws: `RunFailure.fingerprintChanged`.
  func refuseOtherFingerprint(
    _ plan: Plan, until end: Int, _ manifest: Manifest?
  ) throws(RunFailure) {
    for file in modelsToGoOnFrom(plan, until: end, manifest) {
      // What is damaged is dealt with later: the run does not go on from it.
      guard let summary = try? StoredCheckpoint.summary(of: file) else { continue }
      try Fingerprint.demand(summary.fingerprint, of: file)
    }
  }

  /// The paths of the checkpoints that the stages to be computed begin with.
  private func modelsToGoOnFrom(
    _ plan: Plan, until end: Int, _ manifest: Manifest?
  ) -> [String] {
    let records = manifest?.recordsByKey ?? [:]
    let done = plan.stages.lastIndex { stage in
      stage.kind.changesModel && records[stage.key]?.isPresent(in: folder) == true
    }
    let open = plan.stages[..<end].enumerated().filter { index, stage in
      stage.kind.changesModel ? index > done ?? -1 : records[stage.key] == nil
    }.map(\.element)
    var files: [String] = []
    if open.contains(where: \.kind.changesModel) {
      if let done, let file = records[plan.stages[done].key]?.file { files.append(file) }
      // The trials of a search begin with the last that held, and are compared with the model before.
      for stage in open {
        guard let trial = stage.trial, let search = plan.stage(under: trial.search) else {
          continue
        }
        files += [search.source, search.parent].compactMap { records[$0]?.file }
      }
      if FilePaths.exists(folder.progress) { files.append(FilePaths.name(of: folder.progress)) }
    }
    for stage in open where !stage.kind.changesModel {
      if let file = records[stage.parent]?.file { files.append(file) }
    }
    return files.map(folder.file)
  }
}

extension Fingerprint {
  /// - Throws: `RunFailure.fingerprintChanged` where `recorded`, in the checkpoint `file`, is not that
  ///   of this process.
  static func demand(_ recorded: JSONValue, of file: String) throws(RunFailure) {
    let differences = JSONDifference.all(from: recorded, to: json)
    if differences.isEmpty { return }
    throw .fingerprintChanged(file: file, differences: differences.map(\.description))
  }
}
