import Storage

/// What tonight's data must be like before anything is computed.
///
///     guard: {psi: 0.25, rows_drop: 0.5, min_rows: 500, stale: 36h, action: stop}
package struct DataGuardSettings: Sendable, Equatable {
  /// What becomes of data that are not so.
  package enum Action: String, Sendable, CaseIterable {
    /// The night ends, and the champion stays.
    case stop
    /// The night goes on, and says it.
    case warn
  }

  /// The largest population stability index of a column against the champion's training data; nil for any.
  package let psi: Double?
  /// The largest share of the champion's rows that may be missing; nil for any.
  package let rowsDrop: Double?
  /// The fewest rows of the training part.
  package let minRows: Int
  /// The oldest that the newest file may be; nil for any age.
  package let stale: Duration?
  package let action: Action

  package init(
    psi: Double?, rowsDrop: Double?, minRows: Int, stale: Duration?, action: Action
  ) {
    self.psi = psi
    self.rowsDrop = rowsDrop
    self.minRows = minRows
    self.stale = stale
    self.action = action
  }

  /// What holds unless something else is stated.
  package static let standard = DataGuardSettings(
    psi: 0.25, rowsDrop: 0.5, minRows: 100, stale: nil, action: .stop)

  package static var block: Block<DataGuardSettings> {
    Block(
      "guard",
      "What the data must be like before anything is computed. Beside what is set here, files that are "
        + "still written, new classes and classes without rows are refused.",
      .setting(
        "psi", \.psi, Form.number(.positive).or("any", as: "any"), default: standard.psi,
        changesResult: false,
        "The largest population stability index of a column against the champion's training data. "
          + "What chance explains in so few rows is none."),
      .setting(
        "rows_drop", \.rowsDrop, Form.number(.openUnit).or("any", as: "any"),
        default: standard.rowsDrop, changesResult: false,
        "The largest share by which the rows may be fewer than the champion's."),
      .setting(
        "min_rows", \.minRows, .integer(1...Int.max), default: standard.minRows,
        changesResult: false, "The fewest rows of the training part."),
      .optional(
        "stale", \.stale, .duration(hours: 8784), absent: "any age", changesResult: false,
        "The oldest that the newest file may be."),
      .setting(
        "action", \.action, .word("action"), default: standard.action, changesResult: false,
        "Whether such data end the night, or are said only."),
      make: DataGuardSettings.init)
  }
}
