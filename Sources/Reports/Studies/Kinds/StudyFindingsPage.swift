import Runs
import Storage
import Studies

/// The page of a study of another kind than pruning: its claims, its figures and its tables.
struct StudyFindingsPage {
  let name: String
  let settings: StudySettings
  let table: StudyTable
  /// The test accuracy of guessing the largest class, by the names of data sets.
  let guesses: [String: Double]
  let experiment: any StudyExperiment.Type

  var html: String {
    let findings = experiment.findings(table)
    return Page(
      title: name, introduction: introduction,
      sections: Self.answers(findings) + settings.kind.sections(table, guesses: guesses)
        + Self.tables(findings)
    ).html()
  }

  private var introduction: String {
    let lines = (settings.experiment?.value.lines ?? []).map { "\($0.title): \($0.text)" }
    let training = settings.train.map {
      ["Dense networks are trained for \(counted($0.epochs, "epoch"))"]
    }
    let parts =
      [experiment.summary] + (training ?? []).map { $0 + "." }
      + (table.networks.count > 1 ? [settings.kind.acrossNetworks] : [])
    return parts.joined(separator: " ") + " Over \(counted(settings.seeds.count, "seed")); "
      + lines.joined(separator: "; ") + ". Results of every cell: results.csv."
  }

  /// Each claim with its test, and below it what came out.
  private static func answers(_ findings: StudyFindings) -> [Page.Section] {
    if findings.answers.isEmpty { return [] }
    return [
      Page.Section(
        id: "claims", heading: "Claims",
        blocks: findings.answers.flatMap { answer -> [Page.Block] in
          [
            .heading(answer.claim), .text("Test: \(answer.test)"),
            .text("\(answer.verdict.rawValue): \(answer.result)"),
          ]
        })
    ]
  }

  private static func tables(_ findings: StudyFindings) -> [Page.Section] {
    if findings.tables.isEmpty { return [] }
    let blocks = findings.tables.enumerated().map { number, own -> Page.Block in
      var table = PageTable(
        "table-\(number + 1)", own.title,
        own.columns.enumerated().map {
          .init(title: $1, name: $1, isText: $0 == 0)
        })
      table.rows = own.rows.map { row in row.enumerated().map { Self.cell($1, isHead: $0 == 0) } }
      return .table(table)
    }
    return [Page.Section(id: "tables", heading: "Tables", blocks: blocks)]
  }

  /// What stands behind a comma stands below, so that columns are narrower.
  private static func cell(_ text: String, isHead: Bool) -> PageTable.Cell {
    guard !isHead, let comma = text.firstRange(of: ", ") else { return .words(text) }
    var cell = PageTable.Cell(
      value: .string(text), text: String(text[..<comma.lowerBound]).showingInvisible)
    cell.detail = String(text[comma.upperBound...]).showingInvisible
    return cell
  }
}

extension StudyKind {
  /// The figures of a study of this kind.
  ///
  /// - Parameter guesses: the test accuracy of guessing the largest class, by the names of data sets.
  func sections(_ table: StudyTable, guesses: [String: Double]) -> [Page.Section] {
    switch self {
    // It has a page of its own.
    case .pruning: []
    case .units: UnitsFigures(table: table, guesses: guesses).sections
    case .dropoutPhases: DropoutPhasesFigures(table: table).sections
    case .receptiveFields: ReceptiveFieldsFigures.sections(table, guesses: guesses)
    }
  }
}
