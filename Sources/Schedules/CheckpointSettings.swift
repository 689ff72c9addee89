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

  /// What holds unless something else is stated.
  package static let standard = CheckpointSettings(
    level: standardLevel, every: .seconds(60), keep: .all, delta: false, moments: .drop)

  package static var block: Block<CheckpointSettings> {
    let keep: Part<CheckpointSettings, Keep> = .setting(
      "keep", \.keep, Keep.form, default: standard.keep, changesResult: false,
      examples: ["all", ["last": 3]],
      "Which checkpoints stay when `ecpipe gc` is called; nothing else deletes any.")
    return Block(
      "checkpoints", "How checkpoints are written, and which of them `gc` keeps.",
      .setting(
        "level", \.level, .integer(levels), default: standard.level, changesResult: false,
        "zstd's level: higher takes longer and less room."),
      .setting(
        "every", \.every, .duration(), default: standard.every, changesResult: false,
        "Time between two saves of a long stage's progress."),
      keep,
      .setting(
        "delta", \.delta, .boolean(), default: standard.delta, changesResult: false,
        "Whether a checkpoint tells only what has changed since the one before."),
      .setting(
        "moments", \.moments, .word("value"), default: standard.moments,
        "Whether the last model keeps its optimizer's moments, so that stages added later can "
          + "continue it. Between stages they are stored where a later one does."),
      make: CheckpointSettings.init)
  }

  /// The settings as a schedule has them.
  package var json: JSONValue { .object(Self.block.encode(self)) }
}

extension CheckpointSettings.Keep {
  /// `all`, or a mapping with at least one of the keys last, best, daily and weekly.
  package static var form: Form<Self> {
    form(
      some(
        "keep", "What stays besides the stages that a run still needs.",
        last: "The newest stages.", best: "The stages with the lowest validation loss.",
        daily: "Days of which the newest checkpoint stays.",
        weekly: "Weeks of which the newest checkpoint stays."))
  }

  /// The same with the policy that `some` describes.
  static func form(_ some: Block<RetentionPolicy>) -> Form<Self> {
    let keys = listed(some.description.keys)
    return Form(.either([.words(["all"]), .block(some.description)])) { field in
      guard case .mapping(let entries) = field.node.content else {
        let expected = "all, or a mapping with keys of: \(keys)"
        guard let text = field.string(expected) else { return nil }
        if text.value == "all" { return .all }
        field.reportKind(expected: expected)
        return nil
      }
      guard let policy = some.read(field) else { return nil }
      guard !entries.isEmpty else {
        field.reportKind(expected: "all, or at least one of the keys: \(keys)")
        return nil
      }
      return .some(policy)
    } write: {
      $0.json
    }
  }

  /// A policy whose counts are of what the words say.
  static func some(
    _ name: String, _ summary: String, last: String, best: String, daily: String, weekly: String
  ) -> Block<RetentionPolicy> {
    Block(
      name, summary, count("last", \.last, last), count("best", \.best, best),
      count("daily", \.daily, daily), count("weekly", \.weekly, weekly),
      make: RetentionPolicy.init)
  }

  private static func count(
    _ key: String, _ get: @escaping (RetentionPolicy) -> Int, _ summary: String
  ) -> Part<RetentionPolicy, Int> {
    .setting(
      key, get, .integer(0...RetentionPolicy.maximumCount), default: 0, changesResult: false,
      summary)
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
