import Runs
import Storage

/// What compensating for removed weights has saved, where prunings have said it.
struct CompensationSection {
  let report: RunReport

  private struct Saving {
    let stage: String
    let shifted: Double
    let refitted: Double
    let seconds: Double?

    /// Share of the error that is saved.
    var share: Double { shifted > 0 ? 1 - refitted / shifted : 0 }
  }

  var section: Page.Section? {
    let savings = report.models.filter { $0.stage.kind == .prune }.compactMap { each -> Saving? in
      guard let said = report.curves.prunings[each.stage.name]?["compensation"],
        let shifted = said["outputs"]?["shifted"]?.doubleValue,
        let refitted = said["outputs"]?["refitted"]?.doubleValue
      else { return nil }
      return Saving(
        stage: each.stage.name, shifted: shifted, refitted: refitted,
        seconds: said["seconds"]?.doubleValue)
    }
    guard !savings.isEmpty else { return nil }
    var table = PageTable(
      "compensation", "Squared error of the outputs by which compensation",
      [
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "biases shifted", name: "shifted"),
        .init(title: "weights refitted", name: "refitted"),
        .init(title: "saved", name: "saved"), .init(title: "seconds", name: "seconds"),
      ])
    table.rows = savings.map {
      [
        .words($0.stage), .number($0.shifted), .number($0.refitted), .percent($0.share, 1),
        .seconds($0.seconds),
      ]
    }
    func points(_ value: KeyPath<Saving, Double>) -> [PlotChart.Point] {
      savings.enumerated().compactMap { index, saving in
        let y = saving[keyPath: value]
        return y.isFinite
          ? PlotChart.Point(
            x: Double(index + 1), y: y, text: "\(NumberText.significant(y, 4)) (\(saving.stage))")
          : nil
      }
    }
    let series = [
      PlotChart.Series(
        title: "biases shifted alone", style: ChartStyle(1), points: points(\.shifted)),
      PlotChart.Series(
        title: "weights refitted", style: ChartStyle(0), points: points(\.refitted)),
    ]
    let mean = savings.reduce(0) { $0 + $1.share } / Double(savings.count)
    let chart = PlotChart(
      name: "compensation", title: "Squared error of the outputs by pruning",
      summary: "Refitting saves \(NumberText.fixed(100 * mean, 1)) % of the error in the mean.",
      x: PlotAxis(counting: "pruning", to: savings.count), yTitle: "squared error",
      isLogarithmic: true, series: series, size: (1000, 300))
    return Page.Section(
      id: "compensation", heading: "What compensation saved",
      paragraphs: [
        "The error that a pruning makes in the outputs on the samples that weights were scored with: with "
          + "biases shifted alone, and with the weights that are left refitted."
      ],
      blocks: [
        .figures([Page.Figure(chart: chart, keys: chart.keys, table: table, isWide: true)])
      ])
  }
}
