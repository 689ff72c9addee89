import Formats

/// How checkpoints are written; nothing of it changes a result.
///
///     checkpoints: {level: 9, every: 60s, keep: all}
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

  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field?) {
    let keys = field.map { $0.keys(["level", "every", "keep"]) } ?? .some(nil)
    guard let keys else { return nil }
    let level = keys?["level"].map { $0.integer(1...19) } ?? 9
    let every = keys?["every"].map { $0.duration() } ?? .seconds(60)
    let keep = keys?["keep"].map { $0.word("value", as: Keep.self) } ?? .all
    guard let level, let every, let keep else { return nil }
    self.level = level
    self.every = every
    self.keep = keep
  }

  /// The settings as a schedule has them.
  package var json: JSONValue {
    [
      "level": JSONValue(level), "every": .string("\(every.components.seconds)s"),
      "keep": .string(keep.rawValue),
    ]
  }
}
