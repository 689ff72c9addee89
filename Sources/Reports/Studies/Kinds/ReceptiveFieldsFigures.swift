import Storage
import Studies

/// The figures of a study of receptive fields, for one network on one data set.
struct ReceptiveFieldsFigures {
  private let results: FieldResults
  /// In the names of figures, which are unique on the page.
  private let prefix: String
  /// The test accuracy of guessing the largest class; nil where nobody knows it.
  private let guess: Double?

  init(_ results: FieldResults, number: Int, guess: Double?) {
    self.results = results
    self.guess = guess
    prefix = "fields-\(number + 1)"
  }

  /// The sections of all networks of a study.
  ///
  /// - Parameter guesses: the test accuracy of guessing the largest class, by the names of data sets.
  static func sections(_ table: StudyTable, guesses: [String: Double]) -> [Page.Section] {
    FieldResults.networks(of: table).enumerated().map { number, results in
      ReceptiveFieldsFigures(results, number: number, guess: guesses[results.dataset]).section
    }
  }

  private var section: Page.Section {
    var blocks: [Page.Block] = [
      .heading("By round"),
      .text(
        "Means over the seeds with standard errors. Spread among read: how far a unit's pixels lie from their centre, "
          + "over what the layer's connections dealt out at random would give, which is 1. Participation: the share "
          + "of the pixels that a unit's weights are spread over. Kurtosis: excess kurtosis of the first layer's "
          + "pre-activations."),
      .legend(legend),
      .figures(
        [
          chart("spread_among_read", "Spread among what is read", "over its expectation"),
          chart("participation", "Pixels that take part in a unit", "share of all"),
          chart("kurtosis", "Excess kurtosis of pre-activations", "mean over units"),
          chart("accuracy", "Test accuracy", "share of the test part"),
        ].compactMap { $0 }),
    ]
    blocks += removals
    let pictures = results.ways.enumerated().compactMap { masks($1, $0) }
    if !pictures.isEmpty {
      blocks += [
        .heading("Masks"),
        .text(
          "Of the first seed, the six units that read most in the last round: a row a round, a column a unit."
        ),
        .figures(pictures),
      ]
    }
    return Page.Section(id: prefix, heading: results.title, blocks: blocks)
  }

  // MARK: By round

  private var rounds: [Int] { Array(0..<results.roundCount) }

  private var legend: [Page.Key] {
    results.ways.enumerated().map {
      Page.Key(title: $1.title, style: ChartStyle(colour: colour($0), shape: .circle))
    }
  }

  private func colour(_ number: Int) -> Int { number % PageStyle.colours.count }

  /// `measure` by round, a line a way; nil where it is known of none.
  private func chart(_ measure: String, _ title: String, _ yTitle: String) -> Page.Figure? {
    figure(
      measure, title, yTitle,
      results.ways.enumerated().map { number, way in
        ChartSeries(
          title: way.title, colour: colour(number),
          values: rounds.map { results.values(measure, way, round: $0) })
      })
  }

  private func figure(
    _ name: String, _ title: String, _ yTitle: String, _ series: [ChartSeries]
  ) -> Page.Figure? {
    let all = series.flatMap(\.values).flatMap { $0 }
    if all.isEmpty { return nil }
    return Page.Figure(
      chart: LineChart(
        name: "\(prefix)-\(name.replacing("_", with: "-"))", title: title,
        xTitle: "round", yTitle: yTitle, categories: rounds.map { "\($0)" }, series: series,
        level: nil, guess: name == "accuracy" ? guess : nil, range: all, isLogarithmic: false,
        labelEvery: max(1, (rounds.count + 10) / 11)))
  }

  /// For each way the share of weights whose going raises the kurtosis: of those that go, and of those that stay.
  private var removals: [Page.Block] {
    let figures = results.ways.enumerated().compactMap { number, way -> Page.Figure? in
      figure(
        "raising-\(number + 1)", "Removals that raise the kurtosis: \(way.title)", "share",
        [("raising_removed", "removed", 0), ("raising_kept", "kept", 1)].map { measure in
          ChartSeries(
            title: measure.1, colour: measure.2,
            values: rounds.map { results.values(measure.0, way, round: $0) })
        })
    }
    if figures.isEmpty { return [] }
    return [
      .heading("What single weights do to the kurtosis"),
      .text(
        "The share of the first layer's weights whose going alone raises the kurtosis of their unit: of those that the "
          + "pruning behind the round removes, and of those that it leaves."),
      .legend(
        [(0, "removed"), (1, "kept")].map {
          Page.Key(title: $0.1, style: ChartStyle(colour: $0.0, shape: .circle))
        }),
      .figures(figures),
    ]
  }

  // MARK: Masks

  private func masks(_ way: FieldResults.Way, _ number: Int) -> Page.Figure? {
    guard let image = results.image else { return nil }
    let pixels = image.rows * image.columns
    // The first round is dense, and a few of the others show how masks become what they are.
    let shown = Self.shown(last: results.lastRound)
    let rows = shown.map { round in
      FieldMasksChart.Row(
        round: round, units: results.masks(way, round: round, count: pixels))
    }.filter { !$0.units.isEmpty }
    if rows.isEmpty { return nil }
    return Page.Figure(
      chart: FieldMasksChart(
        name: "\(prefix)-masks-\(number + 1)", title: "Masks: \(way.title)",
        rows: rows, columns: image.columns, height: image.rows), isWide: true)
  }

  /// Five rounds at most, the last among them.
  private static func shown(last: Int) -> [Int] {
    guard last > 5 else { return last > 0 ? Array(1...last) : [] }
    return (1...5).map { $0 * last / 5 }
  }
}

/// Masks of units as small images, a row for each of some rounds.
struct FieldMasksChart: Chart {
  /// The masks in one round.
  struct Row {
    let round: Int
    let units: [(unit: Int, isRead: [Bool])]
  }

  let name: String
  let title: String
  let rows: [Row]
  /// Pixels of an image.
  let columns: Int
  let height: Int

  private let tile = 104.0
  private let gap = 12.0
  private let left = 64.0
  private let top = 18.0

  private var scale: Double { tile / Double(max(columns, height, 1)) }
  private var tileHeight: Double { scale * Double(height) }
  private var widest: Int { rows.map(\.units.count).max() ?? 0 }

  var summary: String {
    "\(marks) images in \(rows.count) rows, a row a round; a pixel is filled where the unit reads it."
  }
  var marks: Int { rows.reduce(0) { $0 + $1.units.count } }
  var size: (width: Double, height: Double) {
    (left + Double(widest) * (tile + gap), top + Double(rows.count) * (tileHeight + gap))
  }

  var body: String {
    rows.enumerated().map { place, row in
      let y = top + Double(place) * (tileHeight + gap)
      let label =
        "<text class=\"tick\" x=\"0\" y=\"\(Markup.place(y + tileHeight / 2))\">round \(row.round)</text>\n"
      return label + row.units.enumerated().map { tile($1, in: row, x: $0, y: y) }.joined()
    }.joined()
  }

  private func tile(
    _ own: (unit: Int, isRead: [Bool]), in row: Row, x column: Int, y: Double
  ) -> String {
    let x = left + Double(column) * (tile + gap)
    let read = own.isRead.count { $0 }
    let (width, height) = (Markup.place(scale * Double(columns)), Markup.place(tileHeight))
    return "<g class=\"mark\" transform=\"translate(\(Markup.place(x)) \(Markup.place(y)))\">"
      + "<title>unit \(own.unit) reads \(NumberText.grouped(read)) of "
      + "\(NumberText.grouped(own.isRead.count)) pixels in round \(row.round)</title>"
      + "<rect class=\"paper\" width=\"\(width)\" height=\"\(height)\"/>"
      + "<path class=\"ink\" transform=\"scale(\(NumberText.significant(scale, 5)))\" "
      + "d=\"\(PixelRuns.path(own.isRead, columns: columns))\"/></g>\n"
  }
}
