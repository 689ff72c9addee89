import Formats

/// How checkpoints are written; nothing of it changes a model.
///
///     checkpoints: {level: 9, every: 60s, keep: all, delta: false, moments: drop}
package struct CheckpointSettings: Sendable, Equatable {
  /// Which checkpoints stay.
  package enum Keep: String, Sendable, CaseIterable {
    case all
  }

  /// zstd's level, 1…19; 9 unless stated.
  package let level: Int
  /// Time between two saves of a long stage's progress, in whole seconds; 60 unless stated.
  package let every: Duration
  /// all unless stated.
  package let keep: Keep
  /// Whether a checkpoint tells only what has changed since the one before; false unless stated.
  package let delta: Bool
  /// What becomes of the optimizer's moments after the last stage; drop unless stated. Between stages
  /// they are stored where a later one continues the optimizer.
  package let moments: Moments

  /// Whether the last model keeps its optimizer's moments, so that stages added later can continue it.
  package enum Moments: String, Sendable, CaseIterable {
    case drop, keep
  }

  /// How the store writes.
  package var writing: CheckpointWriting { CheckpointWriting(level: level, delta: delta) }

  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field?) {
    let keys = field.map { $0.keys(["level", "every", "keep", "delta", "moments"]) } ?? .some(nil)
    guard let keys else { return nil }
    let level = keys?["level"].map { $0.integer(1...19) } ?? 9
    let every = keys?["every"].map { $0.duration() } ?? .seconds(60)
    let keep = keys?["keep"].map { $0.word("value", as: Keep.self) } ?? .all
    let delta = keys?["delta"].map { $0.boolean() } ?? false
    let moments = keys?["moments"].map { $0.word("value", as: Moments.self) } ?? .drop
    guard let level, let every, let keep, let delta, let moments else { return nil }
    self.level = level
    self.every = every
    self.keep = keep
    self.delta = delta
    self.moments = moments
  }

  /// The settings as a schedule has them.
  package var json: JSONValue {
    [
      "level": JSONValue(level), "every": .string("\(every.components.seconds)s"),
      "keep": .string(keep.rawValue), "delta": .bool(delta), "moments": .string(moments.rawValue),
    ]
  }
}
