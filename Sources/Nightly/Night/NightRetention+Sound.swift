import ModelFiles
import Runs
import Storage

/// Which networks can be gone back to: a damaged one is no way back.
extension NightRetention {
  /// The newest sound network that served, besides the champion's; where the champion itself is not sound and
  /// none that served is, the newest sound one there is. Nil for none.
  func predecessor(of champion: String?, _ decisions: [Decision]) -> String? {
    let served = NightHistory.line(of: decisions).reversed().filter { $0 != champion }
    if let night = served.first(where: { isSound($0, decisions) }) { return night }
    if let champion, isSound(champion, decisions) { return nil }
    return folder.nights.reversed().first { $0 != champion && isSound($0, decisions) }
  }

  /// Whether the result of `night` is what was decided on.
  private func isSound(_ night: String, _ decisions: [Decision]) -> Bool {
    let known =
      NightHistory.digest(of: night, in: decisions)
      ?? NightHistory.judged(night, in: decisions)?.sha256
    guard let known, let digest = try? Digest.sha256(fileAt: folder.night(night).result) else {
      return false
    }
    return digest == known
  }
}
