import Nightly
import Storage

/// The table of a nightly job: a row a decision, and the metric as a line of blocks.
package enum HistoryTable {
  /// The most nights of the line.
  private static let width = 60

  /// The lines of `shown`.
  ///
  /// - Parameter cutsReasons: whether a long reason is cut, so that a row stays on a line of a terminal.
  package static func lines(
    of history: NightHistory, _ shown: [Decision], cutsReasons: Bool
  ) -> [String] {
    guard !shown.isEmpty else {
      return ["\(history.folder.name): nothing was decided yet"]
    }
    let metric = shown.last { $0.comparison != nil }?.comparison?.metric ?? "metric"
    var table = TextTable([
      ("night", .left), ("decision", .left), (metric, .right), ("champion", .right),
      ("rows", .right), ("weights", .right), ("bytes", .right), ("because", .left),
    ])
    let gone = history.gone
    for decision in shown {
      let isNow = history.isInService(decision)
      table.add([
        decision.night + (isNow ? " *" : gone.contains(decision.night) ? " -" : ""),
        decision.words + (decision.warnings.isEmpty ? "" : " !"),
        figure(decision.challenger?.value, metric), figure(decision.incumbent?.value, metric),
        decision.comparison.map { Figures.grouped($0.rows) } ?? "",
        decision.challenger.map { Figures.grouped($0.weights) } ?? "",
        decision.challenger.map { Figures.grouped($0.bytes) } ?? "",
        first(decision.reason, cutsReasons),
      ])
    }
    let values = shown.compactMap { $0.challenger?.value }.suffix(width)
    let service =
      history.champion.map { "* in service: \($0)" } ?? "nothing is in service yet"
    let warnings = shown.flatMap { decision in
      decision.warnings.map { "! \(decision.night): \(first($0, cutsReasons))" }
    }
    let isLetGo = shown.contains { gone.contains($0.night) }
    return table.lines + [""] + warnings
      + (isLetGo ? ["- let go: there is no way back to these nights"] : [])
      + (values.count > 1
        ? ["\(metric), oldest night first: \(Sparkline.text(Array(values)))"] : []) + [service]
  }

  private static func figure(_ value: Double?, _ metric: String) -> String {
    guard let value else { return "" }
    return metric == "accuracy" ? Figures.percent(value, 2) : NumberText.significant(value, 4)
  }

  /// The first line of a text of several; where it is cut, not too long for a table.
  private static func first(_ text: String, _ isCut: Bool) -> String {
    let line = text.split(separator: "\n").first.map(String.init) ?? ""
    return isCut && line.count > 100 ? line.prefix(99) + "…" : line
  }
}
