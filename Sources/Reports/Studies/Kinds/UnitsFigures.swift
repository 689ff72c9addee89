import Studies

/// The figures of a study of units: what comes back, and how long it takes.
struct UnitsFigures {
  let table: StudyTable
  /// The test accuracy of guessing the largest class, by the names of data sets.
  let guesses: [String: Double]

  var sections: [Page.Section] {
    UnitsResults.all(table).enumerated().map { number, results in
      let prefix = "data-\(number + 1)"
      return Page.Section(
        id: prefix, heading: "\(results.dataset), \(results.model)",
        blocks: [
          .legend(Self.legend(results)),
          .figures([
            Self.quality(results, prefix, guess: guesses[results.dataset]),
            Self.seconds(results, prefix),
          ]),
        ])
    }
  }

  private static func legend(_ results: UnitsResults) -> [Page.Key] {
    results.ways.enumerated().map { number, way in
      Page.Key(
        title: way.title,
        style: ChartStyle(colour: number % PageStyle.colours.count, shape: .square))
    } + [Page.Key(title: "dense (mean)", style: nil)]
  }

  private static func quality(
    _ results: UnitsResults, _ prefix: String, guess: Double?
  ) -> Page.Figure {
    let measure = results.measure
    let dense = results.dense(measure).values.sorted()
    return chart(
      results, name: "\(prefix)-\(measure)", "Test \(measure)",
      level: dense.isEmpty ? nil : ChartLevel(title: "dense", values: dense),
      guess: measure == "accuracy" ? guess : nil, isLogarithmic: false
    ) { _ in measure }
  }

  private static func seconds(_ results: UnitsResults, _ prefix: String) -> Page.Figure {
    chart(
      results, name: "\(prefix)-seconds", "Processor seconds", level: nil,
      isLogarithmic: true
    ) { $0.method == "pruned" ? nil : UnitsResults.seconds(of: $0) }
  }

  /// - Parameter measure: what is shown of a way; nil for nothing.
  private static func chart(
    _ results: UnitsResults, name: String, _ title: String, level: ChartLevel?,
    guess: Double? = nil, isLogarithmic: Bool, measure: (UnitsResults.Way) -> String?
  ) -> Page.Figure {
    let series = results.ways.enumerated().compactMap { number, way -> ChartSeries? in
      guard let measure = measure(way) else { return nil }
      return ChartSeries(
        title: way.title, colour: number % PageStyle.colours.count,
        values: results.shares.map { share in
          results.values(measure, way, at: share).sorted { $0.key < $1.key }.map(\.value)
        })
    }
    return Page.Figure(
      chart: LineChart(
        name: name, title: title, xTitle: "share of weights removed", yTitle: title,
        categories: results.shares.map { "\($0)" }, series: series, level: level,
        guess: guess, range: series.flatMap { $0.values.joined() } + (level?.values ?? []),
        isLogarithmic: isLogarithmic, size: (width: 520, height: 320)),
      isWide: true)
  }
}
