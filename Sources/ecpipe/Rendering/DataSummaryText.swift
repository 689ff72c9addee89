import Datasets
import Reports
import Storage

/// What data are, in lines for a person.
package struct DataSummaryText {
  /// Most columns, classes and warnings that have a line of their own.
  private static let shown = 20

  private let summary: DataSummary
  private let width: Int?

  /// - Parameter width: cells that a line of the table may have; nil for as many as it takes.
  package init(_ summary: DataSummary, width: Int? = nil) {
    self.summary = summary
    self.width = width
  }

  package var lines: [String] {
    let blocks = [[source] + parts, columns, ignored, classes, warnings].filter { !$0.isEmpty }
    return blocks.flatMap { [""] + $0 }
  }

  private var source: String {
    var text = "\(summary.source): \(Figures.count(summary.rows, "row"))"
    guard let table = summary.table else {
      return text + " of \(Figures.count(summary.width, "number"))"
    }
    if table.rows > summary.rows { text += " of \(Figures.grouped(table.rows))" }
    return text + ", \(Figures.count(table.columns, "column")), "
      + (table.header ? "names in the first line" : "no names")
      + ", delimiter \(table.delimiter.word), decimal \(table.decimal.word)"
  }

  private var parts: [String] {
    summary.parts.map { part in
      "  \(part.name.rawValue): \(Figures.count(part.rows, "row"))"
        + (part.source.map { " (\($0))" } ?? "")
    }
  }

  private var columns: [String] {
    var table = TextTable([
      ("column", .left), ("for", .left), ("kind", .left), ("values", .left), ("missing", .right),
    ])
    func add(_ columns: [DataSummary.Column], _ role: String) {
      for column in columns.prefix(Self.shown) {
        table.add([
          Self.name(column.place), role, Self.kind(column.values), Self.values(column.values),
          Self.missing(column),
        ])
      }
      if columns.count > Self.shown {
        table.add(["and \(Figures.grouped(columns.count - Self.shown)) more", role, "", "", ""])
      }
    }
    add(summary.inputs, "input")
    add(summary.targets, "target")
    let width =
      summary.width == summary.inputs.count
      ? "" : "; the network takes \(Figures.grouped(summary.width)) numbers a row"
    return ["\(Figures.count(summary.inputs.count, "input column"))\(width):"]
      + table.lines(width: self.width.map { $0 - 2 }).map { "  " + $0 }
  }

  private var ignored: [String] {
    guard !summary.ignored.isEmpty else { return [] }
    let names = summary.ignored.prefix(Self.shown).map { Self.name($0) }
    let more = summary.ignored.count - names.count
    return [
      "left out: \(names.joined(separator: ", "))" + (more > 0 ? " and \(more) more" : "")
    ]
  }

  private var classes: [String] {
    guard !summary.classes.isEmpty else { return [] }
    let names = summary.classes.prefix(Self.shown).map { own in
      "  \(excerpt(own.name).dropFirst().dropLast()): \(Figures.count(own.rows, "row"))"
    }
    let more = summary.classes.count - names.count
    return ["\(Figures.count(summary.classes.count, "class", "classes")):"] + names
      + (more > 0 ? ["  and \(Figures.grouped(more)) more"] : [])
  }

  private var warnings: [String] {
    let more = summary.notes.count - Self.shown
    return summary.notes.prefix(Self.shown).map { "note: \($0)" }
      + (more > 0 ? ["and \(more) more notes"] : [])
  }

  private static func name(_ column: DataColumn) -> String {
    guard let name = column.name else { return String(column.index) }
    return name.isEmpty ? "\(column.index) (no name)" : String(excerpt(name).dropFirst().dropLast())
  }

  private static func kind(_ values: DataSummary.Column.Values) -> String {
    switch values {
    case .numbers: "number"
    case .levels(let levels): Figures.count(levels.count, "level")
    case .classes: "class"
    }
  }

  private static func values(_ values: DataSummary.Column.Values) -> String {
    switch values {
    case .numbers(let least, let most): return Figures.range(least, most)
    case .levels(let levels):
      return levels.prefix(4).map { $0.isEmpty ? "(missing)" : excerpt($0) }.joined(separator: " ")
        + (levels.count > 4 ? " …" : "")
    case .classes: return "see below"
    }
  }

  private static func missing(_ column: DataSummary.Column) -> String {
    guard column.missing > 0 else { return "" }
    return Figures.grouped(column.missing)
      + (column.fill.map { ", \(Figures.plain($0)) stands for them" } ?? "")
  }
}

extension Figures {
  /// A number of the data: at most six digits.
  fileprivate static func plain(_ value: Double) -> String { NumberText.significant(value, 6) }

  /// The ends of a range: six digits, or as many as tell them apart.
  fileprivate static func range(_ least: Double, _ most: Double) -> String {
    NumberText.apart([least, most], 6).joined(separator: " to ")
  }
}
