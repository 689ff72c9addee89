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
    let engines = Fingerprint.engineDifferences(of: manifest)
    guard engines.isEmpty else {
      throw .fingerprintChanged(file: folder.manifest, differences: engines.map(\.description))
    }
    let walk = Walk(plan, manifest?.recordsByKey ?? [:], in: folder)
    var files = walk.needed(until: end).compactMap(\.file).map(folder.file)
    if walk.open(until: end).contains(where: \.kind.changesModel) { files.append(folder.progress) }
    for file in files {
      // What is damaged is dealt with later: the run does not go on from it.
      guard let summary = try? StoredCheckpoint.summary(of: file) else { continue }
      try Fingerprint.demand(summary.fingerprint, of: file)
    }
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
