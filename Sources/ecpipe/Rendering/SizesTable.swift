import Runs

/// What a model takes, as a table: a row for each quantity, a column for each form of the model.
struct SizesTable {
  let sizes: ModelSizes
  /// Cells that a line may have; nil for as many as it takes.
  var width: Int?

  var lines: [String] {
    let variants = sizes.variants
    var table = TextTable(
      [("size", .left)] + variants.map { ($0.form.rawValue, .right) })
    func add(_ title: String, _ cell: (ModelSizes.Variant) -> String) {
      table.add([title] + variants.map(cell))
    }
    add("units") { $0.widths.map(String.init).joined(separator: "-") }
    add("weights") { Figures.grouped($0.weights) }
    add("multiply-adds as matrices") { Figures.grouped($0.total) }
    add("bytes of memory, 1 sample") { Figures.grouped($0.memory) }
    for (index, time) in (variants.first?.times ?? []).enumerated() {
      add("ms, \(Figures.count(time.samples, "sample"))") {
        Figures.fixed($0.times[index].milliseconds, 4)
      }
    }
    for (index, footprint) in (variants.first?.footprints ?? []).enumerated() {
      add(footprint.title) { $0.footprints[index].bytes.map(Figures.grouped) ?? "–" }
    }
    add("bytes, entropy bound") { Figures.grouped($0.bound) }
    return table.lines(width: width)
  }
}
