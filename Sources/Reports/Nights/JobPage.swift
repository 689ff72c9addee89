import Nightly
import Runs
import Schedules
import Storage

/// What a nightly job has decided, as a page: a picture of the metric and a table of the decisions, in one
/// HTML file that needs nothing else.
package struct JobPage {
  /// The most nights of the picture, and decisions of the table; the newest ones.
  private static let mostPoints = 60
  private static let mostRows = 365

  private let history: NightHistory

  package init(_ history: NightHistory) { self.history = history }

  /// The page.
  package var html: String {
    Markup.page(history.folder.name, introduction: introduction, picture + table)
  }

  private var introduction: String {
    guard let last = history.decisions.last else { return "Nothing was decided yet." }
    let service = history.champion.map { "In service: \($0)." } ?? "Nothing is in service yet."
    return "\(service) Last: \(last.night), \(last.words): \(last.reason)."
  }

  // MARK: The picture

  /// Nights whose network was measured as the last one was.
  private var measured: (metric: PromotionSettings.Metric, nights: [Decision])? {
    let known = history.decisions.filter { $0.isOfNetwork && $0.challenger?.value != nil }
    guard let name = known.last?.comparison?.metric,
      let metric = PromotionSettings.Metric(rawValue: name)
    else { return nil }
    return (metric, known.filter { $0.comparison?.metric == name }.suffix(Self.mostPoints))
  }

  private var picture: String {
    guard let (metric, nights) = measured, nights.count > 1 else { return "" }
    let titles = ["tonight's network", "the one in service before"]
    func values(_ contender: KeyPath<Decision, Contender?>) -> [[Double]] {
      nights.map { night in night[keyPath: contender]?.value.map { [$0] } ?? [] }
    }
    let all = [values(\.challenger), values(\.incumbent)]
    let chart = LineChart(
      title: "\(metric.rawValue) by night", xTitle: "night", yTitle: metric.rawValue,
      categories: nights.map { String($0.night.dropFirst(5).prefix(5)) },
      series: zip(titles, all).enumerated().map { index, series in
        ChartSeries(title: series.0, colour: Self.colours[index], values: series.1)
      },
      level: nil, range: all.joined().flatMap { $0 }, isLogarithmic: !metric.isBetterAbove,
      labelEvery: (nights.count + 14) / 15)
    let legend = zip(titles, Self.colours).map { title, colour in
      "<span class=\"c\(colour)\"><i></i>\(title)</span>\n"
    }.joined()
    return "<div class=\"legend\">\n\(legend)</div>\n" + chart.svg(width: 1000, height: 280)
  }

  private static let colours = [0, 2]

  // MARK: The table

  private var table: String {
    let shown = history.decisions.suffix(Self.mostRows).reversed()
    guard !shown.isEmpty else { return "" }
    let heads = [
      "night", "decision", "metric", "tonight's", "champion's", "rows", "weights", "bytes",
    ]
    return "<div class=\"scroll\"><table>\n<tr>"
      + heads.map { "<th>\($0)</th>" }.joined()
      + "<th style=\"text-align:left\">because</th></tr>\n"
      + shown.map(row).joined() + "</table></div>\n"
  }

  private func row(_ decision: Decision) -> String {
    let isNow = history.isInService(decision)
    let cells = [
      decision.night + (isNow ? " *" : ""), decision.words, decision.comparison?.metric ?? "",
      figure(decision.challenger?.value), figure(decision.incumbent?.value),
      decision.comparison.map { "\($0.rows)" } ?? "",
      decision.challenger.map { "\($0.weights)" } ?? "",
      decision.challenger.map { "\($0.bytes)" } ?? "",
    ]
    let reason = ([decision.reason] + decision.warnings).joined(separator: "; warning: ")
    return "<tr" + (isNow ? " class=\"reference\"" : "") + ">"
      + cells.map { "<td>\(Markup.escaped($0))</td>" }.joined()
      + "<td style=\"text-align:left;white-space:normal;min-width:24rem\">"
      + "\(Markup.escaped(reason))</td></tr>\n"
  }

  private func figure(_ value: Double?) -> String {
    value.map { NumberText.significant($0, 4) } ?? ""
  }
}

extension JobPage {
  /// Writes the page of the job in `folder` as it is now.
  ///
  /// - Throws: `StoreError`.
  package static func write(_ folder: NightlyFolder) throws(StoreError) {
    let page = JobPage(try NightHistory(folder))
    try DurableFile.write(Array(page.html.utf8), to: folder.report)
  }
}
