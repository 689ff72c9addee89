import NeuralNetworks
import Runs
import Storage

/// How far off a regression is, target by target.
struct TargetsSection {
  let report: RunReport

  private static let mostPictures = 8

  var section: Page.Section? {
    guard report.isRegression, let found = report.finished.last(where: Self.isMeasured),
      let part = found.metrics
    else { return nil }
    let source = report.evaluation ?? found
    let targets = (source.metrics ?? part).metrics.targets
    let residuals = source.record.evaluation?.residuals ?? []
    let name = (source.metrics ?? part).part
    var blocks: [Page.Block] = []
    let pictures = residuals.prefix(Self.mostPictures).enumerated().map { index, counts in
      figure(counts, index, title(of: targets, index))
    }
    if !pictures.isEmpty { blocks.append(.figures(Array(pictures))) }
    blocks.append(.table(table(targets, residuals, name)))
    let more =
      residuals.count > Self.mostPictures
      ? " Pictures show the first \(Self.mostPictures) of \(residuals.count) targets." : ""
    return Page.Section(
      id: "targets", heading: "Residuals",
      paragraphs: [
        "\(source.stage.name): predicted minus actual on the \(name) part, in original units; 99 % of the "
          + "samples lie within the ranges.\(more)"
      ],
      blocks: blocks)
  }

  private static func isMeasured(_ stage: RunReport.Finished) -> Bool {
    stage.role != .rejected && stage.metrics?.metrics.targets.isEmpty == false
  }

  private func title(of targets: [Metrics.Target], _ index: Int) -> String {
    guard targets.indices.contains(index), let name = targets[index].name else {
      return targets.count > 1 ? "target \(index)" : "the target"
    }
    return name.showingInvisible
  }

  private func figure(_ counts: ResidualCounts, _ index: Int, _ name: String) -> Page.Figure {
    var table = PageTable(
      "residuals-\(index)", "Residuals of \(name)",
      [
        .init(title: "from", name: "from"), .init(title: "to", name: "to"),
        .init(title: "samples", name: "samples"),
      ])
    table.rows = counts.counts.enumerated().map { place, samples in
      let from = counts.start + counts.step * Double(place)
      return [.number(from), .number(from + counts.step), .count(samples)]
    }
    let outside = counts.below + counts.above
    return Page.Figure(
      chart: Histogram(
        name: "residuals-\(index)", title: "Residuals of \(name)",
        summary:
          "The mean is \(NumberText.significant(counts.bias, 3)); \(outside) samples lie outside.",
        xTitle: "predicted minus actual", yTitle: "samples", start: counts.start,
        step: counts.step, counts: counts.counts),
      remark: outside == 0
        ? nil
        : "Outside lie \(NumberText.grouped(counts.below)) below and \(NumberText.grouped(counts.above)) above.",
      table: table)
  }

  private func table(_ targets: [Metrics.Target], _ residuals: [ResidualCounts], _ part: String)
    -> PageTable
  {
    var table = PageTable(
      "targets", "How good the network is at each target, \(part) part",
      [
        .init(title: "target", name: "target", isText: true), .init(title: "rmse", name: "rmse"),
        .init(title: "mae", name: "mae"), .init(title: "r²", name: "r2"),
        .init(title: "mean residual", name: "bias"),
      ])
    table.rows = targets.enumerated().map { index, target in
      [
        .words(title(of: targets, index)), .number(target.rmse), .number(target.mae),
        .number(target.r2),
        .number(residuals.indices.contains(index) ? residuals[index].bias : nil, 3),
      ]
    }
    return table
  }
}
