import Runs
import Studies
import Storage

/// Mean, standard error and test of every method and ratio, as a table of a page.
struct StudyPageTable {
  let comparison: StudyComparison
  let measure: StudyComparison.Measure

  /// Differences less likely than this are marked.
  static let significance = 0.05

  /// Heading, explanation and table.
  var html: String {
    guard comparison.subjects.indices.contains(comparison.reference) else { return "" }
    let reference = comparison.subjects[comparison.reference].title
    var text = "<h3>\(measure.title): mean ± standard error</h3>\n"
    text +=
      "<p>p of a two-sided paired t-test against \(Markup.escaped(reference)) over the seeds. "
    text += "Green: \(Markup.escaped(reference)) is better than this with p &lt; "
    text += "\(Self.significance); red: it is worse. Not corrected for the number of tests.</p>\n"
    text += "<div class=\"scroll\"><table>\n<tr><th>removed</th>"
    text += comparison.ratios.map { "<th>\($0)</th>" }.joined() + "</tr>\n"
    let dense = comparison.unprunedValues(measure)
    if !dense.isEmpty {
      text += "<tr><td>unpruned</td><td colspan=\"\(comparison.ratios.count)\" "
      text += "style=\"text-align:left\">\(measure.text(dense))</td></tr>\n"
    }
    for (position, subject) in comparison.subjects.enumerated() {
      let cells = comparison.ratios.map { cell(position, subject, $0) }
      if cells.allSatisfy({ $0 == Self.empty }) { continue }
      let style = position == comparison.reference ? " class=\"reference\"" : ""
      text += "<tr\(style)><td>\(Markup.escaped(subject.title))</td>\(cells.joined())</tr>\n"
    }
    return text + "</table></div>\n"
  }

  private static let empty = "<td></td>"

  private func cell(
    _ position: Int, _ subject: StudyComparison.Subject, _ ratio: Double
  ) -> String {
    let values = comparison.values(measure, of: subject, at: ratio)
    if values.isEmpty { return Self.empty }
    let test = comparison.test(measure, of: position, at: ratio)
    var style = ""
    if let test, test.p < Self.significance {
      style = test.referenceIsBetter(measure) ? " class=\"good\"" : " class=\"bad\""
    }
    let probability = test.map {
      "<small>p \(Markup.escaped(NumberText.probability($0.p)))</small>"
    }
    return
      "<td\(style)>\(measure.text(values))\(probability ?? "<small>–</small>")</td>"
  }
}

extension PairedTest {
  /// Whether the reference, which comes first, does better on the mean.
  package func referenceIsBetter(_ measure: StudyComparison.Measure) -> Bool {
    measure.isLoss ? meanDifference > 0 : meanDifference < 0
  }
}
