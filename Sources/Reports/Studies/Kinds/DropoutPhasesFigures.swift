import Storage
import Studies

/// The figures of a study of dropout: the map of phases, and how losses go with the samples.
struct DropoutPhasesFigures {
  let table: StudyTable

  var sections: [Page.Section] {
    DropoutPhasesResults.all(table).enumerated().map { number, results in
      let prefix = "network-\(number + 1)"
      return Page.Section(
        id: prefix, heading: "\(results.dataset), \(results.model)",
        blocks: [
          .figures([Self.map(results, prefix)]),
          .heading("Test loss by training samples, a line a rate of evaluation"),
          .legend(Self.legend(results)),
          .figures(
            results.trainRates.enumerated().map {
              Self.losses(results, train: $1, name: "\(prefix)-loss-\($0 + 1)")
            }),
        ])
    }
  }

  private static func map(_ results: DropoutPhasesResults, _ prefix: String) -> Page.Figure {
    let rates = results.evaluationRates
    return Page.Figure(
      chart: HeatMap(
        name: "\(prefix)-phases", title: "Phases by the two rates",
        summary: "The phase of each pair of rates, darker where more is learned and kept.",
        xTitle: "p_eval", yTitle: "p_train", columns: rates.map(DropoutPhasesResults.text),
        rows: results.trainRates.map(DropoutPhasesResults.text),
        cells: results.trainRates.map { train in
          rates.map { cell(results, train: train, evaluation: $0) }
        }), isWide: true)
  }

  private static func cell(
    _ results: DropoutPhasesResults, train: Double, evaluation: Double
  ) -> HeatMap.Cell? {
    guard let phase = results.phase(train: train, evaluation: evaluation),
      let text = results.text(train: train, evaluation: evaluation)
    else { return nil }
    let shade =
      switch phase {
      case .eumentia: 1.0
      case .dementia: 0.45
      case .amentia: 0.0
      }
    return HeatMap.Cell(
      shade: shade,
      text: "p_train \(DropoutPhasesResults.text(train)), "
        + "p_eval \(DropoutPhasesResults.text(evaluation)): \(text)",
      label: phase.rawValue)
  }

  private static func legend(_ results: DropoutPhasesResults) -> [Page.Key] {
    results.evaluationRates.enumerated().map { number, rate in
      Page.Key(
        title: "p_eval \(DropoutPhasesResults.text(rate))",
        style: ChartStyle(colour: number % PageStyle.colours.count, shape: .square))
    }
  }

  private static func losses(
    _ results: DropoutPhasesResults, train: Double, name: String
  ) -> Page.Figure {
    let sizes = results.sizes
    let series = results.evaluationRates.enumerated().map { number, rate in
      ChartSeries(
        title: "p_eval \(DropoutPhasesResults.text(rate))",
        colour: number % PageStyle.colours.count,
        values: sizes.map { results.losses(train: train, evaluation: rate, size: $0) })
    }
    return Page.Figure(
      chart: LineChart(
        name: name, title: "p_train \(DropoutPhasesResults.text(train))",
        xTitle: "training samples", yTitle: "test loss",
        categories: sizes.map { "\($0)" }, sizes: sizes.map(Double.init), series: series,
        level: nil, guess: results.guessingLoss,
        range: series.flatMap { $0.values.joined() }, isLogarithmic: true))
  }
}
