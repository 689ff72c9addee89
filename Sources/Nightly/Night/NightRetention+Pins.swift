import Runs

/// Which nights something outside depends on.
extension NightRetention {
  /// Why nights have to stay whatever the policy says, by their names: a file was written from one of their
  /// checkpoints, or a run begins with it. Where the same was noted of several nights, as where each exports to one
  /// path, the last note counts. Notes that cannot be read count as those of an export.
  func pinned(_ nights: [String]) -> [String: Set<CheckpointPins.Reason>] {
    var found: [String: Set<CheckpointPins.Reason>] = [:]
    var last: [String: (night: String, note: CheckpointPins.Note)] = [:]
    for night in nights {
      do {
        for note in try CheckpointPins(of: folder.night(night)).contents().notes {
          guard let target = note.target else {
            found[night, default: []].insert(note.reason)
            continue
          }
          if let known = last[target], known.note.time > note.time { continue }
          last[target] = (night, note)
        }
      } catch {
        found[night, default: []].insert(.exported)
      }
    }
    for (night, note) in last.values { found[night, default: []].insert(note.reason) }
    return found
  }
}
