import Storage

/// A job that runs every night: where it starts, what is promoted, what data it refuses, and who hears
/// of it. Nothing of it changes what a stage computes.
///
///     nightly:
///       start: champion
///       promote: {metric: accuracy, floor: 0.93, not_worse_by: 0.005}
///       guard: {psi: 0.25, stale: 36h}
///       keep: {last: 14, weekly: 4}
///       exports: [digits.safetensors]
package struct NightlySettings: Sendable, Equatable {
  /// The network that a night begins with.
  package enum Start: String, Sendable, CaseIterable {
    /// The one in service.
    case champion
    /// That of the last night, promoted or not.
    case challenger
    /// A new one, as `model` says.
    case cold
  }

  /// champion unless stated. Without such a network, `model` says.
  package let start: Start
  /// Every how many nights `model` says what is begun with, 1…100,000; nil for never.
  package let coldStartEvery: Int?
  package let promote: PromotionSettings
  package let guarding: DataGuardSettings
  /// Of the nights; all unless stated.
  package let keep: CheckpointSettings.Keep
  /// Files that a promoted network is written to.
  package let exports: JobExportSettings
  package let monitor: MonitorSettings
  package let hooks: HookSettings

  package static func block(in context: StageContext) -> Block<NightlySettings> {
    let keep: Part<NightlySettings, CheckpointSettings.Keep> = .setting(
      "keep", \.keep, CheckpointSettings.Keep.form(nights), default: .all, changesResult: false,
      examples: ["all", ["last": 14]],
      "Which nights stay. The champion, the one before it and what the last decision names always do."
    )
    return Block(
      "nightly", "A job that runs every night, by `ecpipe run --nightly`.",
      .setting(
        "start", \.start, .word("start"), default: .champion, changesResult: false,
        "The network that a night begins with; where there is none yet, what `model` says."),
      .optional(
        "cold_start_every", \.coldStartEvery, .integer(1...100_000), absent: "never",
        changesResult: false,
        "Every how many nights a network begins as `model` says, whatever there is."),
      .setting(
        "promote", \.promote, .block(PromotionSettings.block(in: context)),
        default: .standard(for: context.task ?? .classification), said: "its defaults",
        changesResult: false, "When tonight's network replaces the one in service."),
      .setting(
        "guard", \.guarding, .block(DataGuardSettings.block), default: .standard,
        said: "its defaults", changesResult: false,
        "What the data must be like before anything is computed."),
      keep,
      .setting(
        "exports", \.exports, JobExportSettings.form, default: JobExportSettings.none,
        changesResult: false, examples: [JSONValue([.string("net.safetensors")])],
        "Files that every promoted network is written to, beside it: names, of which the suffix says the format, or "
          + "what an `export` stage says."),
      .setting(
        "monitor", \.monitor, .block(MonitorSettings.block), default: MonitorSettings.none,
        said: "nothing", changesResult: false, "Who is told, and how."),
      .setting(
        "hooks", \.hooks, .block(HookSettings.block), default: HookSettings.none, said: "none",
        changesResult: false, "Commands that are called as the night goes on."),
      check: { keys, _, _, promote, _, _, _, _, _ in
        if let part = promote?.part, context.data?.has(part) == false {
          (keys["promote"] ?? keys.field).report(RelationFault.needsPart(part.rawValue))
        }
      },
      make: NightlySettings.init)
  }

  /// What is kept of nights, said of nights.
  private static var nights: Block<RetentionPolicy> {
    CheckpointSettings.Keep.some(
      "keep of nights", "What stays besides the nights that are still needed.",
      last: "The newest nights, those that were in service before those that were not.",
      best: "The nights with the best network.",
      daily: "Days of which the newest night stays.",
      weekly: "Weeks of which the newest night stays.")
  }

  /// All settings, defaults written out; of addresses that are secret only where they come from.
  package var json: JSONValue { .object(Self.block(in: .undecided).encode(self)) }
}
