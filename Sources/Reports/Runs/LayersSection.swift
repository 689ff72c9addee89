import Glibc
import Runs
import Storage

/// How much of each layer is left, round by round.
struct LayersSection {
  let report: RunReport

  private static let mostColumns = 60
  private static let mostRows = 24

  var section: Page.Section? {
    let pruned = report.models.filter { $0.role == .pruned }
    guard let first = pruned.first else { return nil }
    let names = first.record.layers.map(\.name)
    let shown = names.count <= Self.mostRows ? names : Array(names.prefix(Self.mostRows))
    let step = max(1, (pruned.count + Self.mostColumns - 1) / Self.mostColumns)
    let rounds = pruned.enumerated().filter {
      $0.offset % step == 0 || $0.offset == pruned.count - 1
    }
    let densities = pruned.flatMap { $0.record.layers.map(\.density) }.filter { $0 > 0 }
    // Down to the least, equal factors are equal steps of the shade.
    let floor = min(densities.min() ?? 1, 0.9)
    let cells = shown.map { name in
      rounds.map { index, stage -> HeatMap.Cell? in
        guard let layer = stage.record.layers.first(where: { $0.name == name }) else { return nil }
        let share = layer.density <= 0 ? 0 : 1 - log(layer.density) / log(floor * 0.8)
        return HeatMap.Cell(
          shade: share,
          text: "\(name), round \(index + 1): \(NumberText.grouped(layer.weights)) of "
            + "\(NumberText.grouped(layer.total)) weights, "
            + "\(NumberText.fixed(100 * layer.density, 2)) %")
      }
    }
    let last = pruned[pruned.count - 1].record.layers
    let chart = HeatMap(
      name: "layers", title: "Density of each layer by round",
      summary: "Behind the last round are left: "
        + last.prefix(8).map { "\($0.name) \(NumberText.fixed(100 * $0.density, 2)) %" }
        .joined(separator: ", ") + ".",
      xTitle: "round of pruning", yTitle: "layer", columns: rounds.map { "\($0.offset + 1)" },
      rows: shown, cells: cells)
    var remarks: [String] = [
      "The stronger the colour, the more is left; equal factors are equal steps."
    ]
    if step > 1 { remarks.append("Every \(step)th round is shown.") }
    if shown.count < names.count {
      remarks.append("The first \(shown.count) of \(names.count) layers are shown.")
    }
    return Page.Section(
      id: "layers", heading: "Density of layers by round",
      blocks: [
        .figures([
          Page.Figure(
            chart: chart, remark: remarks.joined(separator: " "), table: table(pruned),
            isWide: true)
        ])
      ])
  }

  private func table(_ pruned: [RunReport.Finished]) -> PageTable {
    var table = PageTable(
      "layers", "Weights left in each layer",
      [
        .init(title: "round", name: "round"),
        .init(title: "stage", name: "stage", isText: true),
        .init(title: "layer", name: "layer", isText: true),
        .init(title: "weights", name: "weights"), .init(title: "of", name: "total"),
        .init(title: "density", name: "density"),
      ])
    table.rows = pruned.enumerated().flatMap { index, stage in
      stage.record.layers.map { layer in
        [
          .count(index + 1), .words(stage.stage.name), .words(layer.name), .count(layer.weights),
          .count(layer.total), .percent(layer.density),
        ]
      }
    }
    return table
  }
}

extension LayerCount {
  /// The share that is left.
  var density: Double { Double(weights) / Double(max(total, 1)) }
}
