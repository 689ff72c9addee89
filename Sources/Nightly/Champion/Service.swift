import ModelFiles
import NeuralNetworks
import NumericCore
import Runs
import Storage

/// The network in service: what the link `champion` leads to.
package struct Service {
  private let folder: NightlyFolder
  private let pool: WorkerPool

  package init(_ folder: NightlyFolder, pool: WorkerPool) {
    self.folder = folder
    self.pool = pool
  }

  /// Makes sure that the network of `night` is as it was recorded and does what it did.
  ///
  /// - Parameter digest: SHA-256 of its checkpoint as decided; nil where no decision says it.
  /// - Throws: `RunFailure.missing`, `.damaged`, `StoreError`.
  package func check(_ night: String, digest: String?) throws {
    try check(folder.night(night), digest: digest)
  }

  private func check(_ run: RunFolder, digest: String?) throws {
    let model = try StoredModel(path: run.result)
    if let digest, model.digest != digest {
      throw RunFailure.damaged(
        file: run.result, reason: "its SHA-256 is not the one that was decided on")
    }
    guard let witness = Witness(in: run) else {
      throw RunFailure.damaged(
        file: run.file(Witness.file), reason: "there is no record of what the network does")
    }
    if let objection = witness.objection(to: model.state.network, pool: pool) {
      throw RunFailure.damaged(file: run.result, reason: objection)
    }
  }

  /// Why the network of `night` cannot serve; nil where it can.
  ///
  /// - Throws: `StoreError` where the system does not let it be read.
  func objection(to night: String, digest: String?) throws(StoreError) -> String? {
    do {
      try check(night, digest: digest)
      let run = folder.night(night)
      let file = FilePaths.linkTarget(run.result)
      let known = try CheckpointStore.manifest(of: run)?.stages.contains { $0.file == file }
      return known == true ? nil : "\(run.result): it is no checkpoint that run.json lists"
    } catch let error as StoreError where !error.isMissing {
      throw error
    } catch {
      return "\(error)"
    }
  }

  /// Leads the link to `night`, whose network has been checked, and checks what it leads to then.
  ///
  /// - Throws: as `check` does; `RunFailure.damaged` where something else stands in the link's place.
  func put(_ night: String, digest: String?) throws {
    if let obstacle = NightlyFolder.obstacle(toLink: folder.champion) {
      throw RunFailure.damaged(file: folder.champion, reason: obstacle)
    }
    if folder.linkedNight != night { try DurableFile.link(folder.champion, to: night) }
    try check(RunFolder(path: folder.champion), digest: digest)
  }

  /// Finishes a change of the champion that a killed process has decided on and not made.
  ///
  /// - Returns: what was done, as a sentence; nil for nothing.
  /// - Throws: as `check` does; the link is as it was where the network is not sound.
  func finish(_ standing: Standing) throws -> String? {
    guard case .pending(let last, _) = standing, let champion = last.champion else { return nil }
    try check(champion, digest: last.championDigest)
    try put(champion, digest: last.championDigest)
    return "the champion is \(champion) now, as decided at \(last.time)"
  }
}
