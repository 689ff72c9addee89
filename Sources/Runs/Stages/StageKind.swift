/// What a stage does; also its name's first part and its kind in JSON. Every stage's file declares its own.
package struct StageKind: Sendable, Hashable {
  package let rawValue: String
  /// Whether the stage changes the model, and so ends in a checkpoint; the others are leaves.
  package let changesModel: Bool

  init(model word: String) { (rawValue, changesModel) = (word, true) }

  init(leaf word: String) { (rawValue, changesModel) = (word, false) }

  /// The kind that JSON calls `rawValue`; nil where there is none.
  package init?(rawValue: String) {
    guard let kind = StageKind.all.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = kind
  }

  /// The kinds of all stages that a schedule's entries come to.
  package static let all: [StageKind] = ScheduledStage.entries.flatMap { $0.kinds }
}
