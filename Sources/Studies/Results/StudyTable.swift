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

  package let kind: StudyKind
  package let rows: [Row]

  package init(kind: StudyKind = .pruning, rows: [Row]) {
    self.kind = kind
    self.rows = rows
  }

  /// The rows of `plan`'s cells that have results under their keys.
  package init(_ plan: StudyPlan, _ results: [String: StudyResult]) {
    kind = plan.settings.kind
    rows = plan.cells.compactMap { cell in
      results[cell.key].map { Row(identity: cell.identity, result: $0) }
    }
  }

  /// The columns of `results.csv` of a study of ways to prune.
  package static let columns = [
    "dataset", "model", "criterion", "metric", "compensation", "budget", "ratio", "seed",
    "loss_before", "loss_after", "accuracy_before", "accuracy_after",
    "rmse_before", "rmse_after", "mae_before", "mae_after", "nrmse_before", "nrmse_after",
    "r2_before", "r2_after", "unpruned_loss", "unpruned_accuracy", "unpruned_rmse",
    "unpruned_nrmse", "seconds",
  ]

  /// The table as CSV: numbers as short as they can be read back exactly, empty fields for what does not
  /// apply.
  package var csv: String {
    if let experiment = kind.experiment { return csv(of: experiment) }
    var text = Self.columns.joined(separator: ",") + "\n"
    let unpruned = Unpruned(rows)
    for row in rows {
      let (own, result) = (row.identity, row.result)
      let dense = unpruned.result(beside: row)
      let numbers = [
        result.lossBefore, result.lossAfter, result.accuracyBefore, result.accuracyAfter,
        result.rmseBefore, result.rmseAfter, result.maeBefore, result.maeAfter,
        result.nrmseBefore, result.nrmseAfter, result.r2Before, result.r2After,
        dense?.lossAfter ?? dense?.lossBefore, dense?.accuracyAfter ?? dense?.accuracyBefore,
        dense?.rmseAfter ?? dense?.rmseBefore, dense?.nrmseAfter ?? dense?.nrmseBefore,
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
  static func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain
      ? text
      : "\""
        + text.split(
          separator: "\"", omittingEmptySubsequences: false
        ).joined(separator: "\"\"") + "\""
  }
}

extension StudyTable {
  /// The results of the dense networks, which stand beside those of what was pruned from them.
  private struct Unpruned {
    private struct Place: Hashable {
      let dataset: String
      let model: String
      let seed: UInt64

      init(_ identity: StudyCellIdentity) {
        (dataset, model, seed) = (identity.dataset, identity.model, identity.seed)
      }
    }

    private let results: [Place: StudyResult]

    init(_ rows: [Row]) {
      results = Dictionary(
        rows.filter(Self.isUnpruned).map { (Place($0.identity), $0.result) },
        uniquingKeysWith: { first, _ in first })
    }

    /// Of the same data set, model and seed; nil for a dense network itself, and where it is not measured.
    func result(beside row: Row) -> StudyResult? {
      Self.isUnpruned(row) ? nil : results[Place(row.identity)]
    }

    private static func isUnpruned(_ row: Row) -> Bool {
      row.identity.criterion == StudyBaseline.unpruned.rawValue
    }
  }
}
