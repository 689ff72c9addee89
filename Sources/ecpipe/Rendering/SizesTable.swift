import Reports
import Runs
import Storage

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
    return table.lines(width: width) + slower
  }

  /// What is said of calls that take clearly longer than those of the dense network.
  private var slower: [String] {
    guard let dense = sizes.variant(.dense), let pruned = sizes.variant(.pruned) else { return [] }
    let longer = zip(dense.times, pruned.times).filter {
      $1.milliseconds > Self.clearly * $0.milliseconds
    }
    guard !longer.isEmpty else { return [] }
    let calls = longer.map { before, now in
      "\(NumberText.significant(now.milliseconds / before.milliseconds, 2)) times for "
        + Figures.count(now.samples, "sample")
    }
    return WrappedText.lines(
      "pruned takes longer here than dense, \(calls.joined(separator: " and ")): matrices this small are "
        + "multiplied sooner than survivors are looked up",
      width: width ?? .max)
  }

  /// Times as long as the dense network takes are told from chance.
  private static let clearly = 1.25
}
