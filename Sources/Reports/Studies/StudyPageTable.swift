import Runs
import Storage
import Studies

/// Mean, standard error and test of every method and ratio, as a table of a page.
struct StudyPageTable {
  let comparison: StudyComparison
  let measure: StudyComparison.Measure
  /// In the name of the table, which is unique on the page.
  let prefix: String

  /// Heading, explanation and table; nothing where there is no method.
  var blocks: [Page.Block] {
    guard comparison.subjects.indices.contains(comparison.reference) else { return [] }
    let reference = comparison.subjects[comparison.reference].title
    let text =
      "p of a two-sided paired t-test against \(reference) over the seeds. Green: \(reference) is better than "
      + "this with p < \(PairedTest.significance); red: it is worse. "
      + (comparison.testsAgainstUnpruned(measure)
        ? "Beside it p of the same test against the unpruned networks of the same seeds, and whether this is "
          + "better or worse than they are. " : "")
      + "Not corrected for the number of tests."
    return [
      .heading("\(measure.title): mean ± standard error"), .text(text), .table(table),
    ]
  }

  private var table: PageTable {
    var table = PageTable(
      "\(prefix)-\(measure.title.lowercased().replacing(" ", with: "-"))",
      "\(measure.title) of \(comparison.dataset), \(comparison.model), by the share of weights removed",
      [.init(title: "removed", name: "removed", isText: true)]
        + comparison.ratios.map { .init(title: "\($0)", name: "\($0)") })
    let dense = comparison.unprunedValues(measure)
    if !dense.isEmpty {
      // The same whatever is removed.
      let none = PageTable.Cell(value: .null, text: "")
      table.rows.append(
        [.words("unpruned"), Self.mean(dense, measure)]
          + comparison.ratios.dropFirst().map { _ in none })
    }
    for (position, subject) in comparison.subjects.enumerated() {
      let cells = comparison.ratios.map { cell(position, subject, $0) }
      if cells.allSatisfy({ $0.text.isEmpty }) { continue }
      if position == comparison.reference { table.outstanding.insert(table.rows.count) }
      table.rows.append([.words(subject.title)] + cells)
    }
    return table
  }

  private static func mean(_ values: [Double], _ measure: StudyComparison.Measure)
    -> PageTable.Cell
  {
    PageTable.Cell(value: JSONValue(Summary(values).mean), text: measure.text(values))
  }

  private func cell(
    _ position: Int, _ subject: StudyComparison.Subject, _ ratio: Double
  ) -> PageTable.Cell {
    let values = comparison.values(measure, of: subject, at: ratio)
    if values.isEmpty { return PageTable.Cell(value: .null, text: "") }
    let test = comparison.test(measure, of: position, at: ratio)
    var cell = Self.mean(values, measure)
    var detail = test.map { "p \(NumberText.probability($0.p))" } ?? "–"
    if let dense = comparison.testAgainstUnpruned(measure, of: position, at: ratio) {
      let sign =
        dense.p >= PairedTest.significance
        ? "" : dense.referenceIsBetter(measure) ? " worse" : " better"
      detail += "; unpruned p \(NumberText.probability(dense.p))\(sign)"
    }
    cell.detail = detail
    if let test, test.p < PairedTest.significance { cell.isGood = test.referenceIsBetter(measure) }
    return cell
  }
}

extension PairedTest {
  /// Whether what comes first, the reference or the dense network, does better on the mean.
  package func referenceIsBetter(_ measure: StudyComparison.Measure) -> Bool {
    measure.isLoss ? meanDifference > 0 : meanDifference < 0
  }
}
