import NeuralNetworks
import Runs
import Storage

/// Which classes are taken for which, and how good the network is at each.
struct ClassesSection {
  let report: RunReport

  /// With more classes only the most frequent confusions are listed.
  private static let mostOfMatrix = 20

  var section: Page.Section? {
    guard let found = report.evaluation, let counts = found.record.evaluation?.classes else {
      return nil
    }
    let part = found.metrics?.part ?? ""
    var blocks: [Page.Block] = []
    if counts.actual.count <= Self.mostOfMatrix {
      blocks.append(.figures([matrix(counts, part)]))
    } else {
      blocks.append(.table(confusions(counts, part)))
    }
    blocks.append(.table(perClass(counts, part)))
    let others =
      counts.unlisted == 0
      ? "" : " \(NumberText.grouped(counts.unlisted)) samples are confused in rarer ways."
    return Page.Section(
      id: "classes", heading: "Which classes are confused",
      paragraphs: [
        "\(found.stage.name), \(NumberText.grouped(counts.samples)) samples of the \(part) part.\(others)"
      ],
      blocks: blocks)
  }

  private func name(_ index: Int) -> String {
    let names = report.manifest.data.facts.classes
    return names.indices.contains(index) ? names[index].showingInvisible : "\(index)"
  }

  private func matrix(_ counts: ClassCounts, _ part: String) -> Page.Figure {
    let classes = counts.actual.indices
    var samples: [Int: Int] = [:]
    for each in counts.confusions {
      samples[each.actual * classes.count + each.predicted] = each.samples
    }
    for index in classes { samples[index * classes.count + index] = counts.correct[index] }
    let cells = classes.map { actual in
      classes.map { predicted -> HeatMap.Cell? in
        let count = samples[actual * classes.count + predicted] ?? 0
        let share = Double(count) / Double(max(counts.actual[actual], 1))
        return HeatMap.Cell(
          shade: share,
          text: "\(name(actual)) taken for \(name(predicted)): \(NumberText.grouped(count)) of "
            + NumberText.grouped(counts.actual[actual]),
          label: count == 0 ? "" : NumberText.grouped(count))
      }
    }
    let right = counts.correct.reduce(0, +)
    var table = PageTable(
      "confusion", "Samples by class and by what the network says",
      [.init(title: "actual", name: "actual", isText: true)]
        + classes.map { .init(title: name($0), name: name($0)) })
    table.rows = classes.map { actual in
      [.words(name(actual))]
        + classes.map { .count(samples[actual * classes.count + $0] ?? 0) }
    }
    return Page.Figure(
      chart: HeatMap(
        name: "confusion", title: "Confusion matrix, \(part) part",
        summary: "\(right) of \(counts.samples) samples are right.",
        xTitle: "what the network says", yTitle: "class", columns: classes.map(name),
        rows: classes.map(name), cells: cells),
      remark: "The stronger the colour, the larger the share of the class.", table: table)
  }

  private func confusions(_ counts: ClassCounts, _ part: String) -> PageTable {
    var table = PageTable(
      "confusion", "The most frequent confusions, \(part) part",
      [
        .init(title: "class", name: "actual", isText: true),
        .init(title: "taken for", name: "predicted", isText: true),
        .init(title: "samples", name: "samples"),
        .init(title: "share of the class", name: "share"),
      ])
    table.rows = counts.confusions.map { each in
      [
        .words(name(each.actual)), .words(name(each.predicted)), .count(each.samples),
        .percent(Double(each.samples) / Double(max(counts.actual[each.actual], 1)), 1),
      ]
    }
    return table
  }

  private func perClass(_ counts: ClassCounts, _ part: String) -> PageTable {
    var table = PageTable(
      "classes", "How good the network is at each class, \(part) part",
      [
        .init(title: "class", name: "class", isText: true),
        .init(title: "samples", name: "samples"),
        .init(title: "said", name: "predicted"), .init(title: "right", name: "correct"),
        .init(title: "precision", name: "precision"), .init(title: "recall", name: "recall"),
        .init(title: "F1", name: "f1"),
      ])
    table.rows = counts.actual.indices.map { index in
      [
        .words(name(index)), .count(counts.actual[index]), .count(counts.predicted[index]),
        .count(counts.correct[index]), .percent(counts.precision(of: index), 1),
        .percent(counts.recall(of: index), 1), .percent(counts.f1(of: index), 1),
      ]
    }
    return table
  }
}
