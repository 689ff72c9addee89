import ModelFiles
import Runs
import Storage

/// What stands in the place of decisions that are lost, so that no night decides on their networks again.
struct LostDecisions {
  private let folder: NightlyFolder
  private let service: Service
  private let surroundings: Surroundings

  init(_ folder: NightlyFolder, _ service: Service, _ surroundings: Surroundings) {
    self.folder = folder
    self.service = service
    self.surroundings = surroundings
  }

  /// Records the linked night, how it came into service being lost, and the other finished nights of which
  /// `decisions` say nothing, but for the last, which can go on.
  ///
  /// - Returns: what was added to `log`.
  /// - Throws: `StoreError`.
  func recorded(beside decisions: [Decision], with log: DecisionLog) throws -> [Decision] {
    let linked = folder.linkedNight
    let known = Set(decisions.map(\.night))
    let open = NightHistory.open(among: folder.nights.filter { $0 != linked }, decisions)
    var added: [Decision] = []
    for night in folder.nights
    where night == linked
      || (!known.contains(night) && night != open && folder.hasNetwork(of: night))
    {
      let isServing = night == linked
      let digest = isServing ? try? StoredModel(path: folder.night(night).result).digest : nil
      if isServing, try service.objection(to: night, digest: nil) != nil { continue }
      let decision = Decision(
        night: night, time: surroundings.now(), outcome: isServing ? .promoted : .undecided,
        reason: isServing
          ? "it is in service, and what was decided of it is lost; recorded anew"
          : "its network is finished, and what was decided of it is lost",
        champion: linked, championDigest: digest)
      try log.append(decision)
      added.append(decision)
    }
    return added
  }
}

extension NightlyFolder {
  /// Whether the network of `night` is finished, whatever was decided of it.
  func hasNetwork(of night: String) -> Bool { Witness(in: self.night(night)) != nil }
}
