import Runs
import Studies

/// The figures of one data set and model.
struct StudyFigures {
  private let comparison: StudyComparison
  /// In the names of figures, which are unique on the page.
  private let prefix: String
  /// The test accuracy of guessing the largest class; nil where nobody knows it.
  private let guess: Double?

  init(_ comparison: StudyComparison, prefix: String, guess: Double?) {
    self.comparison = comparison
    self.prefix = prefix
    self.guess = guess
  }

  private var categories: [String] { comparison.ratios.map { "\($0)" } }

  /// The positions of methods as they were published, of the one that all are tested against, and of baselines:
  /// those of the large figures.
  private var published: [Int] {
    comparison.subjects.indices.filter {
      comparison.subjects[$0].isAsPublished || $0 == comparison.reference
    }
  }

  private func series(_ position: Int, colour: Int, _ measure: StudyComparison.Measure)
    -> ChartSeries
  {
    let subject = comparison.subjects[position]
    return ChartSeries(
      title: subject.title, colour: colour % PageStyle.colours.count,
      values: comparison.ratios.map { comparison.values(measure, of: subject, at: $0) })
  }

  private func level(_ measure: StudyComparison.Measure) -> ChartLevel? {
    comparison.unpruned.map {
      ChartLevel(title: $0.title, values: comparison.unprunedValues(measure))
    }
  }

  // MARK: Methods as published

  /// What the colours of the large figures stand for.
  var legend: [Page.Key] {
    legend(published.enumerated().map { ($0.offset, comparison.subjects[$0.element].title) })
  }

  private func legend(_ entries: [(colour: Int, title: String)]) -> [Page.Key] {
    entries.map { entry in
      Page.Key(
        title: entry.title,
        style: ChartStyle(colour: entry.colour % PageStyle.colours.count, shape: .square))
    } + (comparison.unpruned == nil ? [] : [Page.Key(title: "unpruned (mean)", style: nil)])
  }

  /// `measure` by ratio, a box a method.
  func boxes(_ measure: StudyComparison.Measure) -> Page.Figure {
    Page.Figure(
      chart: BoxChart(
        name: name(measure),
        title: measure.title,
        xTitle: "share of weights removed", yTitle: "test \(measure.quantity)",
        categories: categories,
        series: published.enumerated().map { series($1, colour: $0, measure) }.filter {
          $0.values.contains { !$0.isEmpty }
        },
        level: level(measure), guess: measure.quantity == "accuracy" ? guess : nil,
        isLogarithmic: measure.isLoss), isWide: true)
  }

  private func name(_ measure: StudyComparison.Measure, _ group: Int? = nil) -> String {
    "\(prefix)-\(measure.title.lowercased().replacing(" ", with: "-"))"
      + (group.map { "-\($0 + 1)" } ?? "")
  }

  // MARK: Importance and compensation apart

  /// For every criterion that is there with several compensations, the losses by compensation; empty
  /// where there is none.
  var ablation: [Page.Block] {
    let groups = ablationGroups
    if groups.isEmpty { return [] }
    var compensations: [String] = []
    for position in groups.flatMap(\.positions) {
      let word = comparison.subjects[position].compensation ?? ""
      if !compensations.contains(word) { compensations.append(word) }
    }
    var blocks: [Page.Block] = [
      .heading("Importance and compensation apart"),
      .text("Each figure is one criterion, each line one compensation: means and standard errors."),
      .legend(legend(compensations.enumerated().map { ($0.offset, $0.element) })),
    ]
    for measure in [StudyComparison.Measure.lossBefore, .lossAfter] where comparison.has(measure) {
      let all = groups.flatMap(\.positions).flatMap { position in
        comparison.ratios.map {
          comparison.values(measure, of: comparison.subjects[position], at: $0)
        }.filter { !$0.isEmpty }.map { Summary($0).mean }
      }
      let range = all + comparison.unprunedValues(measure)
      blocks.append(
        .figures(
          groups.enumerated().map { number, group in
            Page.Figure(
              chart: LineChart(
                name: name(measure, number),
                title: "\(group.title): \(measure.title.lowercasedFirst)",
                xTitle: "share of weights removed", yTitle: "test loss", categories: categories,
                series: group.positions.map { position in
                  let word = comparison.subjects[position].compensation ?? ""
                  return series(
                    position, colour: compensations.firstIndex(of: word) ?? 0, measure)
                },
                level: level(measure), range: range, isLogarithmic: true))
          }))
    }
    return blocks
  }

  /// Methods that differ in nothing but compensation. The metric belongs to the group where the
  /// criterion has one of its own.
  private var ablationGroups: [(title: String, positions: [Int])] {
    var groups: [(title: String, positions: [Int])] = []
    for (position, subject) in comparison.subjects.enumerated() where subject.compensation != nil {
      let title = subject.importance
      if let index = groups.firstIndex(where: { $0.title == title }) {
        groups[index].positions.append(position)
      } else {
        groups.append((title, [position]))
      }
    }
    return groups.filter { $0.positions.count > 1 }
  }
}

extension StudyComparison.Subject {
  /// The title without the compensation.
  fileprivate var importance: String {
    guard let end = title.firstRange(of: " + ") else { return title }
    return String(title[..<end.lowerBound])
  }
}

extension String {
  /// The same with a small first letter.
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
