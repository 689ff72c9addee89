import Storage

/// A table of numbers: shown on a page, and the same in JSON and CSV.
struct PageTable {
  /// A column.
  struct Column {
    /// For people.
    let title: String
    /// In JSON and CSV.
    let name: String
    /// Whether it holds words, which stand left.
    var isText = false
  }

  /// What stands in one place: a value for programs, and what people read.
  struct Cell {
    let value: JSONValue
    let text: String
    /// What stands small below the text.
    var detail: String? = nil
    /// Whether it is marked as good or as bad; nil for neither.
    var isGood: Bool? = nil
  }

  /// In JSON and CSV, and of the element on the page; unique there.
  let name: String
  let caption: String
  let columns: [Column]
  /// The first cell of each is its head.
  var rows: [[Cell]] = []
  /// The positions of rows that stand out.
  var outstanding: Set<Int> = []

  init(_ name: String, _ caption: String, _ columns: [Column]) {
    self.name = name
    self.caption = caption
    self.columns = columns
  }

  /// The same without columns that have no value in any row.
  var withoutEmptyColumns: PageTable {
    let kept = columns.indices.filter { column in rows.contains { !$0[column].value.isNull } }
    var table = PageTable(name, caption, kept.map { columns[$0] })
    table.rows = rows.map { row in kept.map { row[$0] } }
    table.outstanding = outstanding
    return table
  }

  /// The positions of the rows that a page shows: the first and the last where there are more than `most`, and how many lie in
  /// between.
  func shown(most: Int) -> (positions: [Int], left: Int) {
    if rows.count <= most { return (Array(rows.indices), 0) }
    let first = (most + 1) / 2
    return (Array(0..<first) + rows.indices.suffix(most - first), rows.count - most)
  }
}

extension PageTable.Cell {
  /// Nothing where there is no number.
  private static let none = PageTable.Cell(value: .null, text: "–")

  /// Words.
  static func words(_ text: String?) -> Self {
    text.map { Self(value: .string($0), text: $0.showingInvisible) } ?? none
  }

  /// A whole number.
  static func count(_ value: Int?) -> Self {
    value.map { Self(value: JSONValue($0), text: NumberText.grouped($0)) } ?? none
  }

  /// A number, with so many significant digits for people.
  static func number(_ value: Double?, _ digits: Int = 4) -> Self {
    guard let value, value.isFinite else { return none }
    return Self(value: JSONValue(value), text: NumberText.significant(value, digits))
  }

  /// A share, as a percentage for people.
  static func percent(_ share: Double?, _ digits: Int = 2) -> Self {
    guard let share, share.isFinite else { return none }
    return Self(value: JSONValue(share), text: NumberText.fixed(100 * share, digits) + " %")
  }

  /// A time.
  static func seconds(_ value: Double?) -> Self {
    guard let value, value.isFinite else { return none }
    return Self(value: JSONValue(value), text: NumberText.fixed(value, value < 10 ? 2 : 1))
  }
}

extension PageTable {
  /// Columns, the names of rows first, and everything else in whole.
  var json: JSONValue {
    [
      "caption": .string(caption), "columns": JSONValue(columns.map { .string($0.name) }),
      "rows": JSONValue(rows.map { JSONValue($0.map(\.value)) }),
    ]
  }

  /// A line a number: table, number of the row, column, value.
  func appendCSV(to text: inout String) {
    for (number, row) in rows.enumerated() {
      for (column, cell) in zip(columns, row) {
        text += "\(name),\(number),\(Self.field(column.name)),"
        text += (cell.value.stringValue.map(Self.field) ?? cell.value.canonical) + "\n"
      }
    }
  }

  /// In quotes where it needs them. Null is an empty field.
  private static func field(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [44, 34, 10, 13].contains($0) }
    return needsQuotes ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
  }
}
