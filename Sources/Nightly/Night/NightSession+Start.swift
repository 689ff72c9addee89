import Runs
import Schedules
import Storage

/// What a night begins with.
extension NightSession {
  /// What tonight begins with.
  func start(_ decisions: [Decision], digest: String) -> NightStart {
    let start = NightStart(
      settings, recipe, decisions: decisions, digest: digest, champion: folder.linkedNight,
      note: { NightNote(in: folder.night($0)) },
      manifest: { try? CheckpointStore.soundManifest(of: folder.night($0)).manifest })
    guard let night = start.night, start.donor == nil else { return start }
    if let change = splitChange(since: night) { return .anew(change) }
    if let change = scaleChange(since: night) { return .anew(change, warns: true) }
    let model = NightNote(in: folder.night(night))?.recipe.json["model"]
    if let model, model != recipe.json["model"] {
      return .anew("model has changed since \(night)")
    }
    do {
      _ = try StoredModel(path: folder.night(night).result)
      return start
    } catch {
      return .anew("the network of \(night) cannot be begun with (\(error))")
    }
  }

  /// Why an interrupted night cannot go on by tonight's settings; nil where it can.
  func settingsChange(since night: String) -> String? {
    guard let began = NightNote(in: folder.night(night))?.recipe.json else { return nil }
    // Stages that have changed are computed again in the same night.
    let changed = ["data", "model", "nightly"].filter { began[$0] != recipe.json[$0] }
    if changed.isEmpty { return nil }
    return "\(changed.joined(separator: " and ")) of its schedule has changed"
  }

  /// Why a network that is begun with the one of `night` would not have tonight's scaling; nil where it would.
  private func scaleChange(since night: String) -> String? {
    // Not its manifest, which has the scaling of the network that it was begun with.
    guard let known = NightNote(in: folder.night(night))?.recipe.json["data"] else { return nil }
    let tonight = recipe.json["data"]
    let changed = ["scale", "scale_targets"].filter { tonight?[$0] != known[$0] }
    if changed.isEmpty { return nil }
    return
      "data.\(changed.joined(separator: " and data.")) has changed since \(night), and its network keeps "
      + "the scaling that it was trained with"
  }
}
