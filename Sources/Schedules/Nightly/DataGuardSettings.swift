import Storage

/// What tonight's data must be like before anything is computed.
///
///     guard: {psi: 0.25, rows_drop: 0.5, min_rows: 500, min_new_rows: 1, duplicates: 0.1, stale: 36h}
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
  /// How far beyond the champion's values a column may reach, as a share of their range; nil for any.
  package let range: Double?
  /// The largest share of the champion's rows that may be missing; nil for any.
  package let rowsDrop: Double?
  /// The fewest rows of the training part.
  package let minRows: Int
  /// The fewest rows that the last night did not have; 0 unless stated, so that a night on the data of the
  /// last one is no failure and costs seconds.
  package let minNewRows: Int
  /// The largest share of rows that are copies of others among them; nil for any.
  package let duplicates: Double?
  /// The oldest that the newest file may be; nil for any age.
  package let stale: Duration?
  package let action: Action

  package init(
    psi: Double?, range: Double? = nil, rowsDrop: Double?, minRows: Int, minNewRows: Int = 0,
    duplicates: Double? = nil, stale: Duration?, action: Action
  ) {
    self.range = range
    self.psi = psi
    self.rowsDrop = rowsDrop
    self.minRows = minRows
    self.minNewRows = minNewRows
    self.duplicates = duplicates
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
        + "still written, new classes, classes without rows, and targets of a regression that are the same in every "
        + "row are refused.",
      .setting(
        "psi", \.psi, Form.number(.positive).or("any", as: "any"), default: standard.psi,
        changesResult: false,
        "The largest population stability index of a column against the champion's training data. "
          + "What chance explains in so few rows is none."),
      .setting(
        "range", \.range, Form.number(.positive).or("any", as: "any"),
        default: .some(standard.range), changesResult: false,
        "How far beyond the champion's least and largest value a column may reach, as a share of the range "
          + "between them: 1 for its whole width. Heavy tails reach far by chance."),
      .setting(
        "rows_drop", \.rowsDrop, Form.number(.openUnit).or("any", as: "any"),
        default: standard.rowsDrop, changesResult: false,
        "The largest share by which the rows may be fewer than the champion's."),
      .setting(
        "min_rows", \.minRows, .integer(1...Int.max), default: standard.minRows,
        changesResult: false, "The fewest rows of the training part."),
      .setting(
        "min_new_rows", \.minNewRows, .integer(0...Int.max), default: standard.minNewRows,
        changesResult: false,
        "The fewest rows that the last finished night did not have. 1 refuses yesterday's file; 0 takes it, "
          + "and such a night costs seconds."),
      .setting(
        "duplicates", \.duplicates, Form.number(.openUnit).or("any", as: "any"),
        default: .some(standard.duplicates), changesResult: false,
        "The largest share of the rows that are copies of others among them. Rows are all of the training "
          + "source, as they stand there, without columns that are ignored."),
      .optional(
        "stale", \.stale, .duration(hours: 8784), absent: "any age", changesResult: false,
        "The oldest that the newest file may be."),
      .setting(
        "action", \.action, .word("action"), default: standard.action, changesResult: false,
        "Whether such data end the night, or are said only."),
      make: DataGuardSettings.init)
  }
}
