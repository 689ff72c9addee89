/// What the guard has said of tonight's data.
struct Guarded {
  /// Sentences.
  private(set) var warnings: [String]
  /// Whether the night goes on only because somebody demands it.
  private(set) var isForced: Bool
  /// Why a new network was begun with; nil where the data fit the one that was meant.
  private(set) var misfit: String?

  init(warnings: [String], isForced: Bool) {
    self.warnings = warnings
    self.isForced = isForced
  }

  /// Adds what was said of something else.
  mutating func add(_ other: Guarded) {
    warnings += other.warnings
    isForced = isForced || other.isForced
  }

  /// Adds that the data do not fit the network; nil for nothing.
  mutating func add(misfit: String?, isForced: Bool) {
    guard let misfit else { return }
    self.misfit = misfit
    add(Guarded(warnings: [misfit], isForced: isForced))
  }
}
