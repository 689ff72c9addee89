import NeuralNetworks
import Runs
import Storage

/// How good the network was at which sparsity, with the dense one as a line.
struct SparsitySection {
  let report: RunReport

  var section: Page.Section? {
    guard report.models.contains(where: { $0.role != .dense }) else { return nil }
    let shown = report.models.filter { $0.metrics != nil }
    let part = shown.last?.metrics?.part ?? ""
    var figures: [Page.Figure] = []
    let measure = report.measure
    if let figure = figure(
      shown, name: "quality-by-sparsity",
      title: "\(measure.word.capitalizedFirst) by sparsity, \(part) part", yTitle: measure.axis,
      isLogarithmic: measure.isError, table: table(shown), value: measure.value)
    {
      figures.append(figure)
    }
    if let figure = figure(
      shown, name: "loss-by-sparsity", title: "Loss by sparsity, \(part) part",
      yTitle: "loss (\(report.status.loss))", isLogarithmic: true, table: losses(shown),
      value: { $0?.loss })
    {
      figures.append(figure)
    }
    return Page.Section(
      id: "sparsity", heading: "How good at which sparsity",
      paragraphs: [
        "Each point is the model after a stage. Along x equal distances are equal factors of what is left."
          + " The dashed line is the dense network on the same part."
      ],
      blocks: [.figures(figures)])
  }

  private typealias Role = RunReport.Role

  private static let series: [(role: RunReport.Role, title: String, style: Int)] = [
    (.tuned, "after fine-tuning", 0), (.pruned, "after pruning", 1),
    (.rejected, "trials that do not hold", 6),
  ]

  private func figure(
    _ shown: [RunReport.Finished], name: String, title: String, yTitle: String,
    isLogarithmic: Bool, table: PageTable, value: (Metrics?) -> Double?
  ) -> Page.Figure? {
    let dense = value(report.dense?.metrics?.metrics)
    let series = Self.series.compactMap { own -> PlotChart.Series? in
      let points = shown.filter { $0.role == own.role }.compactMap { each -> PlotChart.Point? in
        guard let y = value(each.metrics?.metrics), y.isFinite else { return nil }
        let sparsity = NumberText.fixed(100 * each.record.sparsity, 2)
        return PlotChart.Point(
          x: each.record.sparsity, y: y,
          text: "\(NumberText.significant(y, 4)) at \(sparsity) % (\(each.stage.name))")
      }
      return points.isEmpty
        ? nil
        : PlotChart.Series(
          title: own.title, style: ChartStyle(own.style), points: points,
          isJoined: own.role != .rejected)
    }
    guard !series.isEmpty else { return nil }
    let chart = PlotChart(
      name: name, title: title,
      summary: summary(series, dense: dense, what: yTitle),
      x: PlotAxis(sparsity: "sparsity", series.flatMap { $0.points.map(\.x) }), yTitle: yTitle,
      isLogarithmic: isLogarithmic, series: series,
      levels: dense.map { [.init(value: $0, title: "dense: \(NumberText.significant($0, 4))")] }
        ?? [])
    return Page.Figure(chart: chart, keys: chart.keys, remark: remark(series), table: table)
  }

  private func summary(_ series: [PlotChart.Series], dense: Double?, what: String) -> String {
    let ends = series.map { own in
      "\(own.title) it goes from \(NumberText.significant(own.points[0].y, 4)) to "
        + NumberText.significant(own.points[own.points.count - 1].y, 4)
    }
    let level = dense.map { " The dense network has \(NumberText.significant($0, 4))." } ?? ""
    return "\(what) against sparsity: " + ends.joined(separator: "; ") + "." + level
  }

  private func remark(_ series: [PlotChart.Series]) -> String? {
    let most = series.map(\.points.count).max() ?? 0
    return most > PlotChart.mostPoints
      ? "Points are thinned out to \(PlotChart.mostPoints) a line." : nil
  }

  // MARK: Tables

  private static let places = [
    PageTable.Column(title: "stage", name: "stage", isText: true),
    PageTable.Column(title: "sparsity", name: "sparsity"),
    PageTable.Column(title: "weights", name: "weights"),
    PageTable.Column(title: "part", name: "part", isText: true),
  ]

  private func table(_ shown: [RunReport.Finished]) -> PageTable {
    var table = PageTable(
      "quality-by-sparsity",
      "\(report.measure.word.capitalizedFirst) of the model after each stage",
      Self.places + [report.measure.column])
    table.rows = shown.map { each in
      place(each) + [report.measure.cell(each.metrics?.metrics)]
    }
    return table
  }

  private func losses(_ shown: [RunReport.Finished]) -> PageTable {
    var table = PageTable(
      "loss-by-sparsity", "Loss of the model after each stage",
      Self.places + [PageTable.Column(title: "loss (\(report.status.loss))", name: "loss")])
    table.rows = shown.map { place($0) + [.number($0.metrics?.metrics.loss)] }
    return table
  }

  private func place(_ each: RunReport.Finished) -> [PageTable.Cell] {
    [
      .words(each.stage.name), .percent(each.record.sparsity), .count(each.record.weights),
      .words(each.metrics?.part),
    ]
  }
}
