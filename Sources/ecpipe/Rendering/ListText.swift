import Reports
import Runs
import Storage

/// All runs, studies and jobs of a folder, in lines for a person.
package enum ListText {
  /// A state for people.
  private static func words(_ state: String) -> String { state.replacing("_", with: " ") }

  /// The table, and the runs that differ in their seed alone.
  ///
  /// - Parameter width: cells that a line of a table may have; nil for as many as it takes.
  package static func lines(of listing: WorkListing, width: Int? = nil) -> [String] {
    if listing.entries.isEmpty {
      return ["\(listing.path): nothing yet; ecpipe run SCHEDULE begins a run"]
    }
    var table = TextTable([
      ("name", .left), ("kind", .left), ("state", .left), ("stage", .left), ("sparsity", .right),
      ("weights", .right), ("quality", .left), ("bytes", .right), ("when (UTC)", .left),
    ])
    for entry in listing.entries {
      let result = entry.result
      table.add([
        entry.name, entry.kind.rawValue, words(entry.state), result?.stage ?? "",
        result.map { Figures.percent($0.sparsity, 2) } ?? "",
        result.map { Figures.grouped($0.weights) } ?? "",
        result?.quality.map { text($0.measure, $0.value) + " " + $0.part } ?? "",
        result?.bytes.map(Figures.grouped) ?? "",
        String(entry.when.prefix(16).map { $0 == "T" ? " " : $0 }),
      ])
    }
    return table.lines(width: width) + notes(listing) + groups(listing, width)
      + tables(listing)
  }

  private static func notes(_ listing: WorkListing) -> [String] {
    let noted = listing.entries.compactMap { entry in
      entry.note.map { "\(entry.name): \(words(entry.state)), \($0)" }
    }
    return noted.isEmpty ? [] : [""] + noted
  }

  private static func groups(_ listing: WorkListing, _ width: Int?) -> [String] {
    let groups = listing.groups
    if groups.isEmpty { return [] }
    var table = TextTable([
      ("over seeds", .left), ("n", .right), ("sparsity", .right), ("mean ± deviation", .left),
    ])
    for group in groups {
      let names =
        group.names.count > 3
        ? "\(group.names[0]), …, \(group.names[group.names.count - 1])"
        : group.names.joined(separator: ", ")
      let deviation =
        group.measure == "accuracy"
        ? Figures.percent(group.deviation, 2) : NumberText.significant(group.deviation, 3)
      table.add([
        names, Figures.grouped(group.names.count), Figures.percent(group.sparsity, 2),
        "\(text(group.measure, group.mean)) ± \(deviation) \(group.part)",
      ])
    }
    return [""] + table.lines(width: width)
  }

  private static func tables(_ listing: WorkListing) -> [String] {
    let tables = listing.tables
    if tables.isEmpty { return [] }
    let bytes = tables.reduce(0) { $0 + $1.bytes }
    let free = tables.filter { !$0.isKept }.count
    return [
      "",
      "\(Figures.count(tables.count, "converted table")), \(Figures.count(bytes, "byte"))"
        + (free == 0 ? "" : "; no run needs \(free) of them, and ecpipe gc deletes these"),
    ]
  }

  private static func text(_ measure: String, _ value: Double) -> String {
    measure == "accuracy"
      ? "accuracy " + Figures.percent(value, 2)
      : "\(measure) \(NumberText.significant(value, 4))"
  }
}
