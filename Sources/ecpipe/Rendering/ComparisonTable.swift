import Reports
import Runs
import Studies

/// The methods of a study on one data set and model, in a few columns of plain text.
package enum ComparisonTable {
  /// Most ratios that have a column; the page has all.
  private static let mostRatios = 4

  /// Heading, table and what its marks mean.
  ///
  /// - Parameter width: cells that a line of the table may have; nil for as many as it takes.
  package static func lines(of comparison: StudyComparison, width: Int? = nil) -> [String] {
    var measures: [StudyComparison.Measure] = [
      comparison.has(.lossAfter) ? .lossAfter : .lossBefore
    ]
    measures += StudyComparison.Measure.allCases.filter {
      $0.quantity != "loss" && comparison.has($0)
    }
    var lines = measures.flatMap { Self.lines(of: comparison, $0, width) }
    if comparison.seedsDoNotDiffer {
      lines.append(
        "all seeds give the same numbers, since nothing is drawn at random: nothing is tested, and one seed "
          + "is enough")
    } else if measures.contains(where: { comparison.tests($0) }) {
      let reference = comparison.subjects[comparison.reference].title
      lines.append(
        "+ better, - worse than \(reference) with p < 0.05 (paired t-test over the seeds, "
          + "two-sided, not corrected)")
    }
    if measures.contains(where: comparison.testsAgainstUnpruned) {
      lines.append(
        "> better, < worse than the unpruned networks of the same seeds, by the same test")
    } else if comparison.unpruned == nil {
      lines.append("not compared with unpruned networks: baselines does not list unpruned")
    }
    lines += UnprunedVerdict.all(comparison).map(\.text)
    return lines
  }

  /// Heading and table of one measure.
  private static func lines(
    of comparison: StudyComparison, _ measure: StudyComparison.Measure, _ width: Int?
  ) -> [String] {
    let ratios = chosen(comparison.ratios)
    // Of a study that goes on there may be nothing but dense networks yet.
    if ratios.isEmpty { return [] }
    let when = !measure.isBefore ? "after" : comparison.has(.lossAfter) ? "before" : "without"
    let quantity = measure.quantity == "loss" ? "loss (\(comparison.loss))" : measure.quantity
    let lines = [
      "\(comparison.dataset) \(comparison.model): test \(quantity) "
        + "\(when) fine-tuning, by share removed"
    ]
    let titles = ratios.map { ("\($0)", TextTable.Alignment.left) }
    var table = TextTable([("method", .left)] + titles)
    let dense = comparison.unprunedValues(measure)
    if !dense.isEmpty {
      let cells = [measure.text(dense)] + ratios.dropFirst().map { _ in "" }
      table.add(["unpruned"] + cells)
    }
    for (position, subject) in comparison.subjects.enumerated() {
      let cells = ratios.map { ratio in
        let values = comparison.values(measure, of: subject, at: ratio)
        return values.isEmpty
          ? ""
          : measure.text(values)
            + mark(comparison.test(measure, of: position, at: ratio), measure, "-", "+")
            + mark(
              comparison.testAgainstUnpruned(measure, of: position, at: ratio), measure, "<", ">")
      }
      if cells.contains(where: { !$0.isEmpty }) { table.add([subject.title] + cells) }
    }
    return lines + table.lines(width: width)
  }

  /// At most `mostRatios` of `ratios`, evenly spread, the last among them.
  package static func chosen(_ ratios: [Double]) -> [Double] {
    guard ratios.count > mostRatios else { return ratios }
    return (1...mostRatios).map { ratios[$0 * ratios.count / mostRatios - 1] }
  }

  /// The mark of what differs from what it is tested against.
  private static func mark(
    _ test: PairedTest?, _ measure: StudyComparison.Measure, _ worse: String, _ better: String
  ) -> String {
    guard let test, test.p < PairedTest.significance else { return "" }
    return " " + (test.referenceIsBetter(measure) ? worse : better)
  }
}
