import Runs
import Schedules
import Storage

/// What tonight begins with: a function of the settings, the decisions and the nights that there are.
struct NightStart: Equatable {
  /// The night whose network is begun with; nil for a new one.
  let night: String?
  /// The night that began with the same network on the same data, whose stages are tonight's; nil for none.
  let donor: String?
  /// Why, as a clause.
  let reason: String
  /// What somebody should look at; nil for nothing.
  let warning: String?

  /// - Parameters:
  ///   - recipe: tonight's settings.
  ///   - decisions: oldest first.
  ///   - digest: of tonight's data.
  ///   - champion: the night in service; nil for none.
  ///   - note: of a night; nil where it has none.
  ///   - manifest: of a night; nil where it has none that is sound.
  init(
    _ settings: NightlySettings, _ recipe: NightRecipe, decisions: [Decision], digest: String,
    champion: String?, note: (String) -> NightNote?, manifest: (String) -> Manifest?
  ) {
    // A night forced or rolled back has a decision more.
    var seen: Set<String> = []
    let finished = decisions.reversed().filter { $0.isOfNetwork && seen.insert($0.night).inserted }
      .map(\.night)
    var why = ""
    if let last = finished.first, let known = manifest(last), known.data.facts.digest == digest,
      let began = note(last)
    {
      guard let changes = recipe.changes(since: began.recipe) else {
        // The same data again, by the same settings: what was computed from them counts.
        self.init(
          night: began.start, donor: last, reason: "the data and the settings are those of \(last)")
        return
      }
      why = "the data are those of \(last), but not \(changes); "
    }
    let sinceCold = finished.prefix { note($0)?.start != nil }.count + 1
    if let every = settings.coldStartEvery, !finished.isEmpty, sinceCold >= every {
      self.init(night: nil, donor: nil, reason: why + "cold_start_every is \(every)")
      return
    }
    let wanted: String?
    switch settings.start {
    case .champion:
      wanted = champion
      why += wanted == nil ? "nothing is in service yet" : "start is champion"
    case .challenger:
      wanted = finished.first { manifest($0) != nil }
      why += wanted == nil ? "no night has a sound network yet" : "start is challenger"
    case .cold:
      wanted = nil
      why += "start is cold"
    }
    self.init(night: wanted, donor: nil, reason: why)
  }

  init(night: String?, donor: String?, reason: String, warning: String? = nil) {
    self.night = night
    self.donor = donor
    self.reason = reason
    self.warning = warning
  }

  /// A new network because of `reason`.
  static func anew(_ reason: String, warns: Bool = false) -> NightStart {
    NightStart(
      night: nil, donor: nil, reason: reason,
      warning: warns ? "\(reason); a new one is begun with" : nil)
  }

  /// What the log says of it.
  var text: String {
    (night.map { "the network of \($0)" } ?? "a new network") + ": \(reason)"
      + (donor.map { "; the stages that \($0) has computed are used again" } ?? "")
  }
}
