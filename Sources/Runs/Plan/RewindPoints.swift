import Scheduler
import Schedules

/// A model of a plan: the one before the first stage, or what a stage ends in.
enum ModelPlace: Equatable {
  case root
  /// By the position of its draft, from 0.
  case stage(Int)

  /// Whether it is made before the stage at `position`.
  func isBefore(_ position: Int) -> Bool {
    switch self {
    case .root: true
    case .stage(let own): own < position
    }
  }
}

/// To which points of which stages a schedule rewinds, and where those are in the plan.
struct RewindPoints {
  /// Epochs after which a stage is split, by its name.
  private var splits: [String: Set<Int>] = [:]
  /// By stage and epoch.
  private var places: [String: [Int: ModelPlace]] = [:]
  /// Epochs of each stage.
  private var epochs: [String: Int] = [:]

  init(_ rewinds: [RewindSettings]) {
    for rewind in rewinds {
      if let epoch = rewind.epoch { splits[rewind.stage, default: []].insert(epoch) }
    }
  }

  /// Epochs after which the stage called `name`, of `epochs` epochs, is split, ascending.
  func splits(of name: String, epochs: Int) -> [Int] {
    (splits[name] ?? []).filter { $0 > 0 && $0 < epochs }.sorted()
  }

  /// Notes where the model is that the stage called `name` has at `epoch` of `epochs`.
  mutating func note(_ name: String, epoch: Int, of epochs: Int, at place: ModelPlace) {
    places[name, default: [:]][epoch] = place
    self.epochs[name] = epochs
  }

  /// The model that `rewind` takes up; nil where there is no such stage.
  func place(of rewind: RewindSettings) -> ModelPlace? {
    places[rewind.stage]?[rewind.epoch ?? epochs[rewind.stage] ?? 0]
  }
}
