import Runs

/// Which nights something outside depends on.
extension NightRetention {
  /// What is noted of each of `nights`; nothing for those whose notes cannot be read.
  func notes(of nights: [String]) -> [String: CheckpointPins.Contents] {
    var notes: [String: CheckpointPins.Contents] = [:]
    for night in nights {
      notes[night] = try? CheckpointPins(of: folder.night(night)).contents()
    }
    return notes
  }

  /// Why nights have to stay whatever the policy says, by their names: a file was written from one of their
  /// checkpoints, or a run or a study begins with it. Where several nights were exported to one path, the last note
  /// counts; every start does, as a study may begin with several nights. Notes that cannot be read count as those of
  /// an export.
  ///
  /// - Parameter notes: of each night that has some that can be read.
  func pinned(
    _ nights: [String], _ notes: [String: CheckpointPins.Contents]
  ) -> [String: Set<CheckpointPins.Reason>] {
    var found: [String: Set<CheckpointPins.Reason>] = [:]
    var last: [String: (night: String, note: CheckpointPins.Note)] = [:]
    for night in nights {
      guard let contents = notes[night] else {
        found[night, default: []].insert(.exported)
        continue
      }
      for note in contents.notes {
        guard note.reason == .exported, let target = note.target else {
          found[night, default: []].insert(note.reason)
          continue
        }
        if let known = last[target], known.note.time > note.time { continue }
        last[target] = (night, note)
      }
    }
    for (night, note) in last.values { found[night, default: []].insert(note.reason) }
    return found
  }
}
