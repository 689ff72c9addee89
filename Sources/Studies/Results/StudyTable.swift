/// The results of a study, a row a cell, in the plan's order.
package struct StudyTable: Sendable, Equatable {
  /// One row.
  package struct Row: Sendable, Equatable {
    package let identity: StudyCellIdentity
    package let result: StudyResult

    package init(identity: StudyCellIdentity, result: StudyResult) {
      self.identity = identity
      self.result = result
    }
  }

  package let rows: [Row]

  package init(rows: [Row]) { self.rows = rows }

  /// The rows of `plan`'s cells that have results under their keys.
  package init(_ plan: StudyPlan, _ results: [String: StudyResult]) {
    rows = plan.cells.compactMap { cell in
      results[cell.key].map { Row(identity: cell.identity, result: $0) }
    }
  }

  /// The columns of `results.csv`.
  package static let columns = [
    "dataset", "model", "criterion", "metric", "compensation", "budget", "ratio", "seed",
    "loss_before", "loss_after", "accuracy_before", "accuracy_after",
    "rmse_before", "rmse_after", "mae_before", "mae_after", "r2_before", "r2_after", "seconds",
  ]

  /// The table as CSV: numbers as short as they can be read back exactly, empty fields for what does not
  /// apply.
  package var csv: String {
    var text = Self.columns.joined(separator: ",") + "\n"
    for row in rows {
      let (own, result) = (row.identity, row.result)
      let numbers = [
        result.lossBefore, result.lossAfter, result.accuracyBefore, result.accuracyAfter,
        result.rmseBefore, result.rmseAfter, result.maeBefore, result.maeAfter, result.r2Before,
        result.r2After,
      ].map { $0.map { "\($0)" } ?? "" }
      let fields =
        [
          Self.field(own.dataset), Self.field(own.model), Self.field(own.criterion),
          own.metric ?? "", own.compensation ?? "", own.budget ?? "", "\(own.ratio)", "\(own.seed)",
        ] + numbers + ["\((result.seconds * 1000).rounded() / 1000)"]
      text += fields.joined(separator: ",") + "\n"
    }
    return text
  }

  /// `text` in quotes where a comma or a quote stands in it (RFC 4180).
  private static func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain
      ? text
      : "\""
        + text.split(
          separator: "\"", omittingEmptySubsequences: false
        ).joined(separator: "\"\"") + "\""
  }
}
