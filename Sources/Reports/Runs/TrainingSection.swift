import Storage

/// The losses of all epochs, stage after stage.
struct TrainingSection {
  let report: RunReport

  var section: Page.Section? {
    var table = PageTable(
      "training", "Losses of each epoch",
      [
        .init(title: "epoch of the run", name: "epoch"),
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "epoch of the stage", name: "epoch_of_stage"),
        .init(title: "training loss", name: "training_loss"),
        .init(title: "validation loss", name: "validation_loss"),
      ])
    var (training, validation): ([PlotChart.Point], [PlotChart.Point]) = ([], [])
    var borders: [Double] = []
    var before = 0
    for stage in report.plan.stages {
      guard let epochs = report.curves.epochs[stage.name], let last = epochs.last else { continue }
      if before > 0 { borders.append(Double(before) + 0.5) }
      for epoch in epochs {
        let number = before + epoch.number
        let place = "epoch \(epoch.number) of \(stage.name)"
        if let loss = epoch.trainingLoss {
          training.append(point(number, loss, place))
        }
        if let loss = epoch.validationLoss {
          validation.append(point(number, loss, place))
        }
        table.rows.append([
          .count(number), .words(stage.name), .count(epoch.number), .number(epoch.trainingLoss),
          .number(epoch.validationLoss),
        ])
      }
      before += last.number
    }
    let series = [("training, mean of the epoch", training), ("validation, after it", validation)]
      .enumerated().filter { !$1.1.isEmpty }.map { index, own in
        PlotChart.Series(title: own.0, style: ChartStyle(index), points: own.1)
      }
    guard !series.isEmpty else { return nil }
    let chart = PlotChart(
      name: "training", title: "Loss by epoch",
      summary: series.map { own in
        "\(own.title): from \(NumberText.significant(own.points[0].y, 4)) to "
          + NumberText.significant(own.points[own.points.count - 1].y, 4)
      }.joined(separator: "; "),
      x: PlotAxis(counting: "epochs of all stages", to: before),
      yTitle: "loss (\(report.status.loss))", isLogarithmic: true, series: series,
      borders: borders.count > 80 ? [] : borders, size: (1000, 320))
    let isThinned = series.contains { $0.points.count > PlotChart.mostPoints }
    return Page.Section(
      id: "training", heading: "Training",
      paragraphs: [
        "All epochs one after the other; a dotted line is where another stage begins. What was computed "
          + "again after an interruption counts once."
      ],
      blocks: [
        .figures([
          Page.Figure(
            chart: chart, keys: chart.keys,
            remark: isThinned ? "Points are thinned out to \(PlotChart.mostPoints) a line." : nil,
            table: table, isWide: true)
        ])
      ])
  }

  private func point(_ epoch: Int, _ loss: Double, _ place: String) -> PlotChart.Point {
    PlotChart.Point(
      x: Double(epoch), y: loss, text: "\(NumberText.significant(loss, 4)) in \(place)")
  }
}
