import Runs
import Studies

/// The figures of one data set and model.
struct StudyFigures {
  private let comparison: StudyComparison

  init(_ comparison: StudyComparison) { self.comparison = comparison }

  private var categories: [String] { comparison.ratios.map { "\($0)" } }

  /// The positions of methods as they were published, and of baselines: those of the large figures.
  private var published: [Int] {
    comparison.subjects.indices.filter { comparison.subjects[$0].isAsPublished }
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
  var legend: String {
    legend(published.enumerated().map { ($0.offset, comparison.subjects[$0.element].title) })
  }

  private func legend(_ entries: [(colour: Int, title: String)]) -> String {
    var text = "<div class=\"legend\">"
    for entry in entries {
      text += "<span class=\"c\(entry.colour % PageStyle.colours.count)\"><i></i>"
      text += "\(Markup.escaped(entry.title))</span>\n"
    }
    if comparison.unpruned != nil { text += "<span><i class=\"dash\"></i>unpruned (mean)</span>\n" }
    return text + "</div>\n"
  }

  /// `measure` by ratio, a box a method.
  func boxes(_ measure: StudyComparison.Measure) -> String {
    BoxChart(
      title: "\(measure.title), \(comparison.dataset), \(comparison.model)",
      xTitle: "share of weights removed", yTitle: "test \(measure.quantity)",
      categories: categories,
      series: published.enumerated().map { series($1, colour: $0, measure) }.filter {
        $0.values.contains { !$0.isEmpty }
      },
      level: level(measure), isLogarithmic: measure.isLoss
    ).svg()
  }

  // MARK: Importance and compensation apart

  /// For every criterion that is there with several compensations, the losses by compensation; empty
  /// where there is none.
  var ablation: String {
    let groups = ablationGroups
    if groups.isEmpty { return "" }
    var compensations: [String] = []
    for position in groups.flatMap(\.positions) {
      let word = comparison.subjects[position].compensation ?? ""
      if !compensations.contains(word) { compensations.append(word) }
    }
    var text = "<h3>Importance and compensation apart</h3>\n"
    text +=
      "<p>Each figure is one criterion, each line one compensation: means and standard errors."
    text += "</p>\n" + legend(compensations.enumerated().map { ($0.offset, $0.element) })
    for measure in [StudyComparison.Measure.lossBefore, .lossAfter] where comparison.has(measure) {
      let all = groups.flatMap(\.positions).flatMap { position in
        comparison.ratios.map {
          comparison.values(measure, of: comparison.subjects[position], at: $0)
        }.filter { !$0.isEmpty }.map { Summary($0).mean }
      }
      let range = all + comparison.unprunedValues(measure)
      text += "<div class=\"pair\">\n"
      for group in groups {
        let title = "\(group.title): \(measure.title.lowercasedFirst)"
        text += "<figure>" + "<figcaption>\(Markup.escaped(title))</figcaption>"
        text +=
          LineChart(
            title: title, xTitle: "share of weights removed", yTitle: "test loss",
            categories: categories,
            series: group.positions.map { position in
              let word = comparison.subjects[position].compensation ?? ""
              return series(
                position, colour: compensations.firstIndex(of: word) ?? 0, measure)
            },
            level: level(measure), range: range, isLogarithmic: true
          ).svg() + "</figure>\n"
      }
      text += "</div>\n"
    }
    return text
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
