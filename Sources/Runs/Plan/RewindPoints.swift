import Schedules

/// To which points of which stages a schedule rewinds, and where those are in the plan.
struct RewindPoints {
  /// Epochs after which a stage is split, by its name.
  private var splits: [String: Set<Int>] = [:]
  /// Positions of drafts, nil for the root, by stage and epoch.
  private var places: [String: [Int: Int?]] = [:]
  /// Epochs of each stage.
  private var epochs: [String: Int] = [:]

  init(_ stages: [StageSettings]) {
    for rewind in stages.compactMap(\.rewind) {
      if let epoch = rewind.epoch { splits[rewind.stage, default: []].insert(epoch) }
    }
  }

  /// Epochs after which the stage called `name`, of `epochs` epochs, is split, ascending.
  func splits(of name: String, epochs: Int) -> [Int] {
    (splits[name] ?? []).filter { $0 > 0 && $0 < epochs }.sorted()
  }

  /// Notes that the stage called `name` stands at `epoch` of `epochs` after the draft at `place`.
  mutating func note(_ name: String, epoch: Int, of epochs: Int, at place: Int?) {
    places[name, default: [:]][epoch] = .some(place)
    self.epochs[name] = epochs
  }

  /// The position of the draft whose model `rewind` takes up, nil inside for the root; nil where there
  /// is no such stage.
  func place(of rewind: RewindSettings) -> Int?? {
    places[rewind.stage]?[rewind.epoch ?? epochs[rewind.stage] ?? 0]
  }
}

extension StageSettings {
  /// How the stage, or a round of it, rewinds.
  var rewind: RewindSettings? {
    switch self {
    case .rewind(let settings): settings
    case .alternate(let settings): settings.rewind
    case .search(let settings): settings.rewind
    case .train, .finetune, .prune, .evaluate: nil
    }
  }
}
