import Nightly
import Storage

/// The table of a nightly job: a row a decision, and the metric as a line of blocks.
package enum HistoryTable {
  /// The most nights of the line.
  private static let mostNights = 60

  /// The lines of `shown`.
  ///
  /// - Parameters:
  ///   - showsBlocks: whether the metric is shown as a line of blocks, else in words.
  ///   - width: cells that a line of the table may have; nil for as many as it takes.
  package static func lines(
    of history: NightHistory, _ shown: [Decision], showsBlocks: Bool = true, width: Int? = nil
  ) -> [String] {
    guard !shown.isEmpty else {
      return ["\(history.folder.name): nothing was decided yet"]
    }
    // What was not measured itself, such as a promotion by hand, has the figures of a night before.
    let metric =
      (shown.last { $0.comparison != nil } ?? history.decisions.last { $0.comparison != nil })?
      .comparison?.metric ?? "metric"
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
        first(decision.reason),
      ])
    }
    let service =
      history.champion.map { "* in service: \($0)" } ?? "nothing is in service yet"
    let warnings = shown.flatMap { decision in
      decision.warnings.map { "! \(decision.night): \(first($0))" }
    }
    let isLetGo = shown.contains { gone.contains($0.night) }
    return table.lines(width: width) + [""] + warnings
      + (isLetGo ? ["- let go: there is no way back to these nights"] : [])
      + course(of: shown.compactMap { $0.challenger?.value }, metric, showsBlocks, width)
      + [service]
  }

  /// How the metric has gone, from the oldest night on.
  private static func course(
    of values: [Double], _ metric: String, _ showsBlocks: Bool, _ width: Int?
  ) -> [String] {
    guard values.count > 1, let last = values.last else { return [] }
    guard showsBlocks else {
      let ends = [values[0], last, values.min() ?? last, values.max() ?? last].map {
        figure($0, metric)
      }
      return [
        "\(metric): \(ends[0]) in the oldest night, \(ends[1]) in the last, between \(ends[2]) and "
          + "\(ends[3]) in all"
      ]
    }
    let title = "\(metric), oldest night first: "
    let room = width.map { min(mostNights, $0 - title.displayWidth) } ?? mostNights
    // Where the title leaves no room, the blocks have a line of their own.
    return room < min(values.count, 8)
      ? [
        String(title.dropLast()),
        Sparkline.text(Array(values.suffix(min(mostNights, width ?? mostNights)))),
      ] : [title + Sparkline.text(Array(values.suffix(room)))]
  }

  private static func figure(_ value: Double?, _ metric: String) -> String {
    guard let value else { return "" }
    return metric == "accuracy" ? Figures.percent(value, 2) : NumberText.significant(value, 4)
  }

  /// A text of several lines, a heading and problems, as one line: the heading with the first of them.
  private static func first(_ text: String) -> String {
    let lines = text.split(separator: "\n").map { String($0.drop { $0 == " " }) }
    guard lines.count > 1 else { return lines.first ?? "" }
    return "\(lines[0]): \(lines[1])" + (lines.count > 2 ? "; …" : "")
  }
}
