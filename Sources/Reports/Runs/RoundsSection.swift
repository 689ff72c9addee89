import NeuralNetworks
import Runs
import Storage

/// What every round of pruning has lost, and what fine-tuning has won back.
struct RoundsSection {
  let report: RunReport

  /// A pruning, with the models before and behind it.
  struct Round {
    let pruned: RunReport.Finished
    /// Nil where the pruning began with a model of which nothing is recorded.
    let before: Metrics?
    /// Nil where nothing was trained behind it.
    let tuned: RunReport.Finished?
  }

  /// The rounds, oldest first; without those of trials that did not hold.
  static func rounds(of report: RunReport) -> [Round] {
    var behind: [String: RunReport.Finished] = [:]
    for each in report.models where each.role == .tuned { behind[each.record.parent] = each }
    return report.models.filter { $0.role == .pruned }.map { pruned in
      let before = report.records[pruned.record.parent]?.metrics.last
      let isSame = before?.part == pruned.metrics?.part
      // Behind a rewinding comes the training.
      var tuned = behind[pruned.record.key]
      if let rewound = tuned, rewound.stage.kind == .rewind {
        tuned = behind[rewound.record.key] ?? rewound
      }
      return Round(pruned: pruned, before: isSame ? before?.metrics : nil, tuned: tuned)
    }
  }

  var section: Page.Section? {
    let rounds = Self.rounds(of: report)
    guard !rounds.isEmpty else { return nil }
    let measure = report.measure
    let quality = figure(
      rounds, name: "rounds-quality",
      title: "\(measure.word.capitalizedFirst) lost and won back", yTitle: measure.axis,
      isLogarithmic: measure.isError, dense: measure.value(report.dense?.metrics?.metrics),
      table: table(rounds, "rounds-quality", measure.word) { measure.cell($0) },
      value: measure.value)
    let loss = figure(
      rounds, name: "rounds-loss", title: "Loss added and taken back",
      yTitle: "loss (\(report.status.loss))", isLogarithmic: true,
      dense: report.dense?.metrics?.metrics.loss,
      table: table(rounds, "rounds-loss", "loss") { .number($0?.loss) }, value: { $0?.loss })
    let figures = [quality, loss].compactMap { $0 }
    guard !figures.isEmpty else { return nil }
    return Page.Section(
      id: "rounds", heading: "Where rounds lost, and fine-tuning won back",
      paragraphs: [
        "A gap between the lines is what a pruning has cost; where the line after fine-tuning stays level, "
          + "training has won it back."
      ],
      blocks: [.figures(figures)])
  }

  private func figure(
    _ rounds: [Round], name: String, title: String, yTitle: String, isLogarithmic: Bool,
    dense: Double?, table: PageTable, value: (Metrics?) -> Double?
  ) -> Page.Figure? {
    func points(_ metrics: (Round) -> Metrics?) -> [PlotChart.Point] {
      rounds.enumerated().compactMap { index, round in
        guard let y = value(metrics(round)), y.isFinite else { return nil }
        return PlotChart.Point(
          x: Double(index + 1), y: y,
          text: "\(NumberText.significant(y, 4)) in round \(index + 1)")
      }
    }
    let all = [
      ("after fine-tuning", 0, points { $0.tuned?.metrics?.metrics }),
      ("after pruning", 1, points { $0.pruned.metrics?.metrics }),
    ]
    let series = all.filter { !$0.2.isEmpty }.map {
      PlotChart.Series(title: $0.0, style: ChartStyle($0.1), points: $0.2)
    }
    guard !series.isEmpty else { return nil }
    let chart = PlotChart(
      name: name, title: title,
      summary: "\(rounds.count) rounds; "
        + series.map { own in
          "\(own.title) it ends at \(NumberText.significant(own.points[own.points.count - 1].y, 4))"
        }.joined(separator: ", ") + ".",
      x: PlotAxis(counting: "round of pruning", to: rounds.count), yTitle: yTitle,
      isLogarithmic: isLogarithmic, series: series,
      levels: dense.map { [.init(value: $0, title: "dense: \(NumberText.significant($0, 4))")] }
        ?? [])
    return Page.Figure(chart: chart, keys: chart.keys, table: table)
  }

  private func table(
    _ rounds: [Round], _ name: String, _ word: String, cell: (Metrics?) -> PageTable.Cell
  ) -> PageTable {
    var table = PageTable(
      name, "Each round: \(word) before it, after its pruning and after its fine-tuning",
      [
        .init(title: "round", name: "round"),
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "sparsity", name: "sparsity"),
        .init(title: "before", name: "before"),
        .init(title: "after pruning", name: "pruned"),
        .init(title: "after fine-tuning", name: "tuned"),
      ])
    table.rows = rounds.enumerated().map { index, round in
      [
        .count(index + 1), .words(round.pruned.stage.name), .percent(round.pruned.record.sparsity),
        cell(round.before), cell(round.pruned.metrics?.metrics),
        cell(round.tuned?.metrics?.metrics),
      ]
    }
    return table
  }
}
