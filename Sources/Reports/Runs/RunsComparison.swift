import NeuralNetworks
import Runs
import Storage

/// Several runs side by side.
package struct RunsComparison {
  private let reports: [RunReport]
  /// What each is called: its name, or its folder where two have one name.
  private let titles: [String]
  private let time: String

  /// - Parameter time: now.
  package init(_ reports: [RunReport], time: String) {
    self.reports = reports
    self.time = time
    let names = reports.map(\.plan.name)
    titles = reports.enumerated().map { index, report in
      names.count { $0 == names[index] } == 1 ? names[index] : report.folder.path
    }
  }

  /// The page, and its numbers.
  package var files: ReportFiles {
    ReportFiles(
      page,
      head: [
        ("format", 1), ("kind", "runs"), ("written", .string(time)),
        (
          "runs",
          JSONValue(
            zip(titles, reports).map { title, report in
              [
                "name": .string(title), "folder": .string(report.folder.path),
                "status": .string(report.status.summary),
                "verdict": VerdictSection(report: report).json,
              ]
            })
        ),
      ])
  }

  private var page: Page {
    let sections = [verdicts, curves, layers, times, settings].compactMap { $0 }
    return Page(
      title: "\(reports.count) runs side by side",
      introduction: titles.joined(separator: ", "), sections: sections,
      footer: "Written \(time) by ecpipe \(ProgramVersion.current).")
  }

  // MARK: Sections

  private var verdicts: Page.Section {
    var table = PageTable(
      "runs", "Each run: how small, how good, against its own dense network",
      [
        .init(title: "run", name: "run", isText: true),
        .init(title: "state", name: "state", isText: true),
        .init(title: "weights", name: "weights"), .init(title: "sparsity", name: "sparsity"),
        .init(title: "part", name: "part", isText: true),
        .init(title: "accuracy", name: "accuracy"), .init(title: "rmse", name: "rmse"),
        .init(title: "nrmse", name: "nrmse"),
        .init(title: "loss", name: "loss"), .init(title: "dense accuracy", name: "dense_accuracy"),
        .init(title: "dense rmse", name: "dense_rmse"),
        .init(title: "dense nrmse", name: "dense_nrmse"),
        .init(title: "dense loss", name: "dense_loss"),
        .init(title: "change", name: "change", isText: true),
        .init(title: "bytes", name: "bytes"), .init(title: "seconds", name: "seconds"),
      ])
    table.rows = zip(titles, reports).map { title, report in
      let verdict = VerdictSection(report: report)
      let (quality, dense) = (verdict.quality, verdict.quality?.dense)
      return [
        .words(title), .words(report.status.summary), .count(verdict.weights.left),
        .percent(report.last?.record.sparsity), .words(quality?.part),
        .percent(quality?.now.accuracy), .number(quality?.now.rmse),
        .number(quality?.now.nrmse), .number(quality?.now.loss),
        .percent(dense?.accuracy), .number(dense?.rmse), .number(dense?.nrmse),
        .number(dense?.loss),
        .words(VerdictSection.interval(quality?.comparison)),
        .count(report.last?.record.bytes),
        .seconds(report.finished.reduce(0) { $0 + $1.record.wallClockSeconds }),
      ]
    }
    return Page.Section(
      id: "runs", heading: "Verdicts", blocks: [.table(table.withoutEmptyColumns)])
  }

  /// The models behind fine-tuning, or pruning where nothing was fine-tuned.
  private func shown(_ report: RunReport) -> [RunReport.Finished] {
    let tuned = report.models.filter { $0.role == .tuned && $0.metrics != nil }
    return tuned.isEmpty ? report.models.filter { $0.role == .pruned } : tuned
  }

  private var curves: Page.Section? {
    let all = reports.map(\.measure)
    let measure = all.dropFirst().allSatisfy { $0 == all[0] } ? all[0] : .init(kind: .accuracy)
    let figures = [
      figure(
        "quality-by-sparsity", "\(measure.word.capitalizedFirst) by sparsity", measure.axis,
        measure.value),
      figure("loss-by-sparsity", "Loss by sparsity", "loss", { $0?.loss }),
    ].compactMap { $0 }
    guard !figures.isEmpty else { return nil }
    return Page.Section(
      id: "sparsity", heading: "How good at which sparsity",
      paragraphs: [
        "Each point is the model after a fine-tuning. Dashed lines are the dense networks, each in the "
          + "colour of its run and with its sign at the end. Losses of different kinds cannot be compared."
      ],
      blocks: [.figures(figures)])
  }

  private func figure(
    _ name: String, _ title: String, _ yTitle: String, _ value: (Metrics?) -> Double?
  ) -> Page.Figure? {
    var table = PageTable(
      name, title,
      [
        .init(title: "run", name: "run", isText: true),
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "sparsity", name: "sparsity"), .init(title: yTitle, name: "value"),
      ])
    var levels: [PlotChart.Level] = []
    let series = reports.enumerated().map { index, report in
      if let dense = value(report.dense?.metrics?.metrics), dense.isFinite {
        levels.append(
          .init(
            value: dense, title: "\(titles[index]), dense: \(NumberText.significant(dense, 4))",
            style: ChartStyle(index)))
      }
      let points = shown(report).compactMap { each -> PlotChart.Point? in
        guard let y = value(each.metrics?.metrics), y.isFinite else { return nil }
        table.rows.append([
          .words(titles[index]), .words(each.stage.name), .percent(each.record.sparsity),
          .number(y),
        ])
        return PlotChart.Point(
          x: each.record.sparsity, y: y,
          text: "\(NumberText.significant(y, 4)) at "
            + "\(NumberText.fixed(100 * each.record.sparsity, 2)) %")
      }
      return PlotChart.Series(title: titles[index], style: ChartStyle(index), points: points)
    }.filter { !$0.points.isEmpty }
    guard !series.isEmpty else { return nil }
    let chart = PlotChart(
      name: name, title: title, summary: "\(series.count) runs, a line each.",
      x: PlotAxis(sparsity: "sparsity", series.flatMap { $0.points.map(\.x) }), yTitle: yTitle,
      isLogarithmic: yTitle != "accuracy, %", series: series, levels: levels)
    return Page.Figure(chart: chart, keys: chart.keys, table: table)
  }

  private var layers: Page.Section? {
    var table = PageTable(
      "layers", "Weights left in each layer of each run",
      [
        .init(title: "run", name: "run", isText: true),
        .init(title: "layer", name: "layer", isText: true),
        .init(title: "weights", name: "weights"), .init(title: "of", name: "total"),
        .init(title: "density", name: "density"),
      ])
    for (title, report) in zip(titles, reports) {
      for layer in report.last?.record.layers ?? [] {
        table.rows.append([
          .words(title), .words(layer.name), .count(layer.weights), .count(layer.total),
          .percent(layer.density),
        ])
      }
    }
    return table.rows.isEmpty
      ? nil : Page.Section(id: "layers", heading: "Layers", blocks: [.table(table)])
  }

  private var times: Page.Section {
    var table = PageTable(
      "time", "Time of all stages",
      [
        .init(title: "run", name: "run", isText: true), .init(title: "seconds", name: "seconds"),
        .init(title: "stages", name: "stages"),
      ])
    let seconds = reports.map { $0.finished.reduce(0) { $0 + $1.record.wallClockSeconds } }
    table.rows = zip(titles, reports).enumerated().map { index, each in
      [.words(each.0), .seconds(seconds[index]), .count(each.1.finished.count)]
    }
    let chart = BarList(
      name: "time", title: "Seconds of each run", summary: "All stages of each run together.",
      xTitle: "seconds, over all interruptions",
      bars: titles.enumerated().map { index, title in
        BarList.Bar(
          title: title, value: seconds[index], text: NumberText.duration(seconds[index]),
          style: ChartStyle(index))
      })
    return Page.Section(
      id: "time", heading: "Time", blocks: [.figures([Page.Figure(chart: chart, table: table)])])
  }

  /// What the others do otherwise than the first.
  private var settings: Page.Section {
    var table = PageTable(
      "differences", "Settings, data and engine that differ from the first run",
      [
        .init(title: "run", name: "run", isText: true),
        .init(title: "difference", name: "difference", isText: true),
      ])
    let first = Self.identity(reports[0])
    for (title, report) in zip(titles, reports).dropFirst() {
      for difference in JSONDifference.all(from: first, to: Self.identity(report)) {
        table.rows.append([.words(title), .words(difference.description)])
      }
    }
    let paragraph =
      table.rows.isEmpty
      ? "No settings differ." : "What is not listed here is as in \(titles[0])."
    return Page.Section(
      id: "settings", heading: "What they do otherwise", paragraphs: [paragraph],
      blocks: table.rows.isEmpty ? [] : [.table(table)])
  }

  private static func identity(_ report: RunReport) -> JSONValue {
    var settings = WrittenSettings.of(report.manifest.schedule)
    settings["name"] = nil
    return [
      "schedule": settings, "data_digest": .string(report.manifest.data.facts.digest),
      "engine": report.manifest.root.settings["engine"] ?? .null,
    ]
  }
}
