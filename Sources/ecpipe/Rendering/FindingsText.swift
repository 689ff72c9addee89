import Runs
import Storage
import Studies

/// What the results of a study say, whatever its kind.
package enum FindingsText {
  /// The lines of all tables and claims.
  ///
  /// - Parameter width: cells that a line of a table may have; nil for as many as it takes.
  package static func lines(
    of outline: StudyOutline, _ table: StudyTable, width: Int? = nil
  ) -> [String] {
    let across = table.networks.count > 1 ? outline.kind.acrossNetworks : nil
    return findings(of: outline, table, width: width)
      + (across.map { ["", $0] } ?? [])
  }

  private static func findings(
    of outline: StudyOutline, _ table: StudyTable, width: Int?
  ) -> [String] {
    guard let experiment = outline.kind.experiment else {
      return StudyComparison.all(outline, table).flatMap {
        [""] + ComparisonTable.lines(of: $0, width: width)
      }
    }
    let findings = experiment.findings(table)
    return findings.tables.flatMap { lines(of: $0, width: width) }
      + findings.answers.flatMap { lines(of: $0, width: width) }
  }

  private static func lines(of table: StudyFindings.Table, width: Int?) -> [String] {
    if table.rows.isEmpty { return [] }
    var text = TextTable(
      table.columns.enumerated().map { ($0.element, $0.offset == 0 ? .left : .right) })
    for row in table.rows { text.add(row) }
    return ["", table.title] + text.lines(width: width)
  }

  private static func lines(of answer: StudyFindings.Answer, width: Int?) -> [String] {
    let told = [
      "claim: \(answer.claim)", "test: \(answer.test)",
      "\(answer.verdict.rawValue): \(answer.result)",
    ]
    return [""] + told.flatMap { WrappedText.lines($0, width: width ?? .max, indent: 2) }
  }

  /// The members of `--json` that say the same.
  package static func json(of outline: StudyOutline, _ table: StudyTable) -> JSONObject {
    guard let experiment = outline.kind.experiment else {
      return ["comparisons": JSONValue(StudyComparison.all(outline, table).map(\.json))]
    }
    return [
      "study_kind": .string(outline.kind.rawValue), "findings": experiment.findings(table).json,
    ]
  }
}
