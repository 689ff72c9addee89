import Storage

/// Cells in rows and columns, the darker the larger the share they stand for.
struct HeatMap: Chart {
  /// A cell.
  struct Cell {
    /// How dark it is, from 0 to 1.
    let shade: Double
    /// What it says on hovering.
    let text: String
    /// What stands in it, where there is room.
    var label = ""
  }

  let name: String
  let title: String
  let summary: String
  let xTitle: String
  let yTitle: String
  let columns: [String]
  let rows: [String]
  /// By row; nil where there is none.
  let cells: [[Cell?]]
  var width = 1000.0

  private let top = 8.0
  private let bottom = 48.0

  /// Room for the names of the rows.
  private var left: Double { 34 + 6.6 * Double(min(rows.map(\.count).max() ?? 0, 24)) }
  private var cellWidth: Double {
    min((width - left - 12) / Double(max(columns.count, 1)), 64)
  }
  private var cellHeight: Double { rows.count > 30 ? 16 : rows.count > 12 ? 22 : 28 }

  var size: (width: Double, height: Double) {
    (width, top + bottom + cellHeight * Double(rows.count))
  }

  var marks: Int { cells.reduce(0) { $0 + $1.count { $0 != nil } } }

  var body: String {
    var text = ""
    for (row, name) in rows.enumerated() {
      let y = top + (Double(row) + 0.5) * cellHeight
      text += "<text class=\"tick\" text-anchor=\"end\" x=\"\(Markup.place(left - 7))\" "
      text += "y=\"\(Markup.place(y))\" dy=\"0.32em\">\(Markup.escaped(Self.short(name)))</text>\n"
    }
    let longest = columns.map { min($0.count, 12) }.max() ?? 1
    let every = max(1, Int((7.2 * Double(longest) / cellWidth).rounded(.up)))
    let end = top + cellHeight * Double(rows.count)
    for (column, name) in columns.enumerated() where column % every == 0 {
      let x = left + (Double(column) + 0.5) * cellWidth
      text += "<text class=\"tick\" text-anchor=\"middle\" x=\"\(Markup.place(x))\" "
      text += "y=\"\(Markup.place(end + 16))\">\(Markup.escaped(String(name.prefix(12))))</text>\n"
    }
    text +=
      "<text class=\"axis\" x=\"\(Markup.place(left + cellWidth * Double(columns.count) / 2))\" "
    text += "y=\"\(Markup.place(size.height - 8))\">\(Markup.escaped(xTitle))</text>\n"
    text += "<text class=\"axis\" transform=\"translate(13 \(Markup.place((top + end) / 2))) "
    text += "rotate(-90)\">\(Markup.escaped(yTitle))</text>\n"
    for (row, cells) in cells.enumerated() {
      for (column, cell) in cells.enumerated() {
        if let cell { text += one(cell, row, column) }
      }
    }
    return text
  }

  private func one(_ cell: Cell, _ row: Int, _ column: Int) -> String {
    let (x, y) = (left + Double(column) * cellWidth, top + Double(row) * cellHeight)
    // Light enough for what is written upon it.
    let most = cell.label.isEmpty ? 20.0 : 8
    let shade = Int((most * min(max(cell.shade, 0), 1)).rounded())
    var text =
      "<g class=\"mark\"><title>\(Markup.escaped(cell.text))</title><rect class=\"h\(shade)\" "
    text += "x=\"\(Markup.place(x + 0.5))\" y=\"\(Markup.place(y + 0.5))\" "
    text += "width=\"\(Markup.place(cellWidth - 1))\" height=\"\(Markup.place(cellHeight - 1))\"/>"
    if !cell.label.isEmpty, 7 * Double(cell.label.count) + 4 <= cellWidth {
      text += "<text class=\"off\" text-anchor=\"middle\" "
      text += "x=\"\(Markup.place(x + cellWidth / 2))\" y=\"\(Markup.place(y + cellHeight / 2))\" "
      text += "dy=\"0.34em\">\(Markup.escaped(cell.label))</text>"
    }
    return text + "</g>\n"
  }

  private static func short(_ name: String) -> String {
    name.count <= 24 ? name : name.prefix(23) + "…"
  }
}
