import Storage

/// How checkpoints are written, and which of them `gc` keeps; nothing of it changes a model.
///
///     checkpoints: {level: 9, every: 60s, keep: all, delta: false, moments: drop}
///     checkpoints: {keep: {last: 3, best: 1, daily: 7, weekly: 4}}
package struct CheckpointSettings: Sendable, Equatable {
  /// Which checkpoints stay when `ecpipe gc` is called; nothing else deletes any.
  package enum Keep: Sendable, Equatable {
    case all
    case some(RetentionPolicy)
  }

  /// The levels that a schedule may ask for.
  package static let levels = 1...19
  /// zstd's level unless another is stated.
  package static let standardLevel = 9

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
    let level = keys?["level"].map { $0.integer(Self.levels) } ?? Self.standardLevel
    let every = keys?["every"].map { $0.duration() } ?? .seconds(60)
    let keep = keys?["keep"].map { Keep(decoding: $0) } ?? .all
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
      "keep": keep.json, "delta": .bool(delta), "moments": .string(moments.rawValue),
    ]
  }
}

extension CheckpointSettings.Keep {
  private static let keys = ["last", "best", "daily", "weekly"]

  /// Reads `all`, or a mapping with at least one of the keys last, best, daily and weekly.
  ///
  /// - Returns: nil where something is wrong; it is reported.
  init?(decoding field: Field) {
    guard case .mapping(let entries) = field.node.content else {
      let expected = "all, or a mapping with keys of: \(listed(Self.keys))"
      guard let text = field.string(expected) else { return nil }
      guard text.value == "all" else {
        field.reportKind(expected: expected)
        return nil
      }
      self = .all
      return
    }
    guard let keys = field.keys(Self.keys) else { return nil }
    guard !entries.isEmpty else {
      field.reportKind(expected: "all, or at least one of the keys: \(listed(Self.keys))")
      return nil
    }
    let counts = Self.keys.map { key in
      keys[key].map { $0.integer(0...RetentionPolicy.maximumCount) } ?? 0
    }
    guard let last = counts[0], let best = counts[1], let daily = counts[2],
      let weekly = counts[3]
    else { return nil }
    self = .some(RetentionPolicy(last: last, best: best, daily: daily, weekly: weekly))
  }

  /// The value as a schedule has it, with all four counts written out.
  package var json: JSONValue {
    switch self {
    case .all: "all"
    case .some(let policy): policy.json
    }
  }

  /// The value that a manifest's schedule records; nil where it is none.
  package init?(json: JSONValue) {
    if json == "all" {
      self = .all
    } else if let policy = RetentionPolicy(json: json) {
      self = .some(policy)
    } else {
      return nil
    }
  }
}
