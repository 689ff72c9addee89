import Runs
import Storage

/// What the result takes, beside the dense network and the smaller one.
struct SizesSection {
  let report: RunReport

  var section: Page.Section? {
    guard let sizes = report.sizes, let first = sizes.variants.first else { return nil }
    let variants = sizes.variants
    var table = PageTable(
      "sizes", "What the model takes in which form",
      [.init(title: "size", name: "size", isText: true)]
        + variants.map { .init(title: $0.form.rawValue, name: $0.form.rawValue) })
    func add(_ title: String, _ cell: (ModelSizes.Variant) -> PageTable.Cell) {
      table.rows.append([.words(title)] + variants.map(cell))
    }
    add("units") { .words($0.widths.map(String.init).joined(separator: "-")) }
    add("weights") { .count($0.weights) }
    add("multiply-adds as matrices") { .count($0.total) }
    add("bytes of memory, 1 sample") { .count($0.memory) }
    for (index, footprint) in first.footprints.enumerated() {
      add(footprint.title) { .count($0.footprints[index].bytes) }
    }
    add("bytes, entropy bound") { .count($0.bound) }
    let bars = first.footprints.indices.flatMap { index -> [BarList.Bar] in
      variants.enumerated().compactMap { number, variant in
        guard let bytes = variant.footprints[index].bytes else { return nil }
        return BarList.Bar(
          title: "\(variant.footprints[index].form), \(variant.form.rawValue)",
          value: Double(bytes), text: NumberText.grouped(bytes), style: ChartStyle(number))
      }
    }
    let chart = BarList(
      name: "sizes", title: "Bytes of the model by form",
      summary: "Each form of a file for the dense, the pruned and the shrunk network.",
      xTitle: "bytes", bars: bars)
    return Page.Section(
      id: "sizes", heading: "Sizes",
      paragraphs: [
        "dense has a number in the place of every removed weight, pruned is the result as it is, shrunk is "
          + "without units that cannot matter, as exports are."
      ],
      blocks: [
        .figures([
          Page.Figure(
            chart: chart,
            keys: variants.enumerated().map {
              Page.Key(title: $0.element.form.rawValue, style: ChartStyle($0.offset))
            }, table: table, isWide: true)
        ])
      ])
  }
}
