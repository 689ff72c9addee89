import Runs
import Schedules
import Storage

/// What tonight begins with: a function of the settings, the decisions and the nights that there are.
struct NightStart: Equatable {
  /// The night whose network is begun with; nil for a new one.
  let night: String?
  /// The night that began with the same network on the same data, whose stages are tonight's; nil for none.
  let donor: String?
  /// What should be known of it; nil for nothing.
  var note: String?

  /// - Parameters:
  ///   - decisions: oldest first.
  ///   - digest: of tonight's data.
  ///   - champion: the night in service; nil for none.
  ///   - note: of a night; nil where it has none.
  ///   - manifest: of a night; nil where it has none that is sound.
  init(
    _ settings: NightlySettings, decisions: [Decision], digest: String, champion: String?,
    note: (String) -> NightNote?, manifest: (String) -> Manifest?
  ) {
    // A night forced or rolled back has a decision more.
    var seen: Set<String> = []
    let finished = decisions.reversed().filter { $0.isOfNetwork && seen.insert($0.night).inserted }
      .map(\.night)
    if let last = finished.first, let known = manifest(last), known.data.facts.digest == digest,
      let began = note(last)
    {
      // The same data again: what was computed from them counts.
      self.init(night: began.start, donor: last)
      return
    }
    let sinceCold = finished.prefix { note($0)?.start != nil }.count + 1
    if let every = settings.coldStartEvery, !finished.isEmpty, sinceCold >= every {
      self.init(night: nil, donor: nil)
      return
    }
    let wanted: String? =
      switch settings.start {
      case .champion: champion
      case .challenger: finished.first { manifest($0) != nil }
      case .cold: nil
      }
    self.init(night: wanted, donor: nil)
  }

  init(night: String?, donor: String?, note: String? = nil) {
    self.night = night
    self.donor = donor
    self.note = note
  }
}
