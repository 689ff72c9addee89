import Schedules
import Storage

/// One element of a schedule's `stages`: its settings, and the stages of a plan that they come to.
package protocol StageEntry: Sendable {
  /// The schedule's word for it.
  static var word: String { get }
  /// What stages it comes to that no entry before it in the list comes to.
  static var kinds: [StageKind] { get }

  /// What can be set, beside what the schedule says elsewhere.
  static func block(in context: StageContext) -> Block<Self>
  /// The descriptions of all that can be set: of `block` alone, but for a word with two meanings.
  static var blocks: [BlockDescription] { get }

  /// - Returns: nil where something is wrong; it is reported.
  static func decoded(from field: Field, in context: inout StageContext) -> Self?

  /// All settings, defaults written out.
  var json: JSONObject { get }

  /// How the stage, or a round of it, rewinds; nil for not at all.
  var rewind: RewindSettings? { get }

  /// Whether units are left out, so that what comes of it has another shape.
  var shrinks: Bool { get }

  /// Adds the stages to the plan; `builder.current` is the entry's name.
  ///
  /// - Throws: `PlanFault` or `BudgetError` for what cannot be.
  func plan(in builder: inout PlanBuilder) throws
}

extension StageEntry {
  package static var blocks: [BlockDescription] { [block(in: .undecided).description] }

  package static func decoded(from field: Field, in context: inout StageContext) -> Self? {
    block(in: context).read(field)
  }

  package var json: JSONObject { Self.block(in: .undecided).encode(self) }

  package var rewind: RewindSettings? { nil }

  package var shrinks: Bool { false }

  fileprivate static func any(
    from field: Field, in context: inout StageContext
  ) -> (any StageEntry)? { decoded(from: field, in: &context) }
}

/// One element of a schedule's `stages`, of any kind: a mapping with the kind's word as its only key.
package struct ScheduledStage: StageSettings {
  /// What `stages` may hold. A new kind is a file of its own and a line here.
  static let entries: [any StageEntry.Type] = [
    TrainEntry.self, PruneSettings.self, FinetuneEntry.self, AlternateEntry.self,
    RewindSettings.self, ShrinkSettings.self, EvaluateSettings.self, ExportStage.self,
  ]

  /// The settings, and what they come to.
  package let entry: any StageEntry

  /// The schedule's word.
  package var word: String { type(of: entry).word }

  package static let shape = Shape.choice(
    entries.flatMap { kind in
      kind.blocks.map { Setting(kind.word, .block($0), .required, $0.summary) }
    })

  package init?(decoding field: Field, in context: inout StageContext) {
    guard let entry = Self.entry(decoding: field, in: &context) else { return nil }
    self.entry = entry
  }

  private static func entry(
    decoding field: Field, in context: inout StageContext
  ) -> (any StageEntry)? {
    let words = entries.map { $0.word }
    guard case .mapping = field.node.content else {
      field.reportKind(expected: "a mapping with one of the keys: \(listed(words))")
      return nil
    }
    guard let choice = field.choice("stage", of: words), let settings = choice.settings else {
      return nil
    }
    for kind in entries where kind.word == choice.word {
      return kind.any(from: settings, in: &context)
    }
    return nil
  }

  package var canonical: JSONValue { .object([word: .object(entry.json)]) }

  package static func == (left: ScheduledStage, right: ScheduledStage) -> Bool {
    left.canonical == right.canonical
  }
}

/// A schedule of the stages that there are.
package typealias RunSchedule = Schedule<ScheduledStage>
package typealias RunScheduleFile = ScheduleFile<ScheduledStage>

extension JSONSchema {
  /// Of schedules.
  package static var schedule: JSONSchema {
    JSONSchema(of: RunSchedule.description, title: "A schedule of ecpipe")
  }
}
