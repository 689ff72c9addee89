import Storage

/// What of a model is written for others.
package struct ExportContent: Sendable, Equatable {
  /// Whether units that cannot matter are left out.
  package let shrinks: Bool
  /// Whether inputs that nothing reads are, too.
  package let dropsInputs: Bool

  /// Without units that cannot matter, and with all inputs.
  package static let standard = ExportContent(shrinks: true, dropsInputs: false)

  /// The keys beside those of files.
  package static func block(in place: ExportTarget.Place) -> Block<ExportContent> {
    let changes = place == .stage
    return Block(
      "\(place.rawValue) of a part", "What is left out.",
      .setting(
        "shrink", \.shrinks, .boolean(), default: standard.shrinks, changesResult: changes,
        "Whether units that cannot matter are left out, which changes no answer."),
      .setting(
        "drop_inputs", \.dropsInputs, .boolean(), default: standard.dropsInputs,
        changesResult: changes,
        "Whether inputs that nothing reads are, so that the files take fewer."),
      check: { keys, shrinks, dropsInputs in
        if shrinks == false, dropsInputs == true {
          keys["drop_inputs"]?.report(KeyFault.conflict(with: "shrink: false"))
        }
      },
      make: ExportContent.init)
  }
}
