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
    var section = Page.Section(id: "decisions", heading: "Decisions")
    if let picture { section.blocks.append(.figures([picture])) }
    if let table { section.blocks.append(.table(table)) }
    return Page(
      title: history.folder.name, introduction: introduction,
      sections: section.blocks.isEmpty ? [] : [section]
    ).html()
  }

  private var introduction: String {
    guard let last = history.decisions.last else { return "Nothing was decided yet." }
    let service = history.champion.map { "In service: \($0)." } ?? "Nothing is in service yet."
    return "\(service) Last: \(last.night), \(last.words): \(last.reason)."
  }

  // MARK: The picture

  /// Nights whose network was measured as the last one was; a promotion by hand measures nothing.
  private var measured: (metric: PromotionSettings.Metric, nights: [Decision])? {
    let known = history.decisions.filter { $0.isOfNetwork && $0.challenger?.value != nil }
    guard let name = known.last(where: { $0.comparison != nil })?.comparison?.metric,
      let metric = PromotionSettings.Metric(rawValue: name)
    else { return nil }
    return (metric, known.filter { $0.comparison?.metric == name }.suffix(Self.mostPoints))
  }

  private static let series: [(title: String, colour: Int)] = [
    ("tonight's network", 0), ("the one in service before", 2),
  ]

  private var picture: Page.Figure? {
    guard let (metric, nights) = measured, nights.count > 1 else { return nil }
    func values(_ contender: KeyPath<Decision, Contender?>) -> [[Double]] {
      nights.map { night in night[keyPath: contender]?.value.map { [$0] } ?? [] }
    }
    let all = [values(\.challenger), values(\.incumbent)]
    let chart = LineChart(
      name: "nights", title: "\(metric.rawValue) by night", xTitle: "night",
      yTitle: metric.rawValue,
      categories: nights.map { String($0.night.dropFirst(5).prefix(5)) },
      series: zip(Self.series, all).map { own, values in
        ChartSeries(title: own.title, colour: own.colour, values: values)
      },
      level: nil, range: all.joined().flatMap { $0 }, isLogarithmic: !metric.isBetterAbove,
      labelEvery: (nights.count + 14) / 15, size: (1000, 280))
    return Page.Figure(
      chart: chart,
      keys: Self.series.map {
        Page.Key(title: $0.title, style: ChartStyle(colour: $0.colour, shape: .circle))
      })
  }

  // MARK: The table

  private var table: PageTable? {
    let shown = Array(history.decisions.suffix(Self.mostRows).reversed())
    guard !shown.isEmpty else { return nil }
    var table = PageTable(
      "decisions", "What was decided, the newest first; * is in service",
      [
        .init(title: "night", name: "night", isText: true),
        .init(title: "decision", name: "decision", isText: true),
        .init(title: "metric", name: "metric", isText: true),
        .init(title: "tonight's", name: "value"),
        .init(title: "champion's", name: "champions_value"), .init(title: "rows", name: "rows"),
        .init(title: "weights", name: "weights"), .init(title: "bytes", name: "bytes"),
        .init(title: "because", name: "because", isText: true),
      ])
    for (place, decision) in shown.enumerated() {
      let isNow = history.isInService(decision)
      if isNow { table.outstanding.insert(place) }
      let reason = ([decision.reason] + decision.warnings).joined(separator: "; warning: ")
      table.rows.append([
        .words(decision.night + (isNow ? " *" : "")), .words(decision.words),
        .words(decision.comparison?.metric), .number(decision.challenger?.value),
        .number(decision.incumbent?.value), .count(decision.comparison?.rows),
        .count(decision.challenger?.weights), .count(decision.challenger?.bytes), .words(reason),
      ])
    }
    return table
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
