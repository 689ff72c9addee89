/// A table in plain text: columns padded to their widest cell, two spaces between them.
///
/// Where a width is stated that the table exceeds, it is folded: the first columns that fit stay, and the
/// others follow below each row, every cell behind the title of its column.
package struct TextTable {
  /// The side that a column's cells lean to.
  package enum Alignment { case left, right }

  /// Cells between two columns, and before what is folded.
  private static let gap = 2

  private let header: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// A table with these columns and no rows.
  package init(_ columns: [(title: String, alignment: Alignment)]) {
    header = columns.map(\.title)
    alignments = columns.map(\.alignment)
  }

  /// How many columns there are.
  package var columns: Int { header.count }

  /// Adds a row with a cell for every column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == header.count, "a cell for every column")
    rows.append(cells.map(\.onOneLine))
  }

  /// The lines of the table, header first, without trailing spaces, as wide as it is.
  package var lines: [String] { lines(width: nil) }

  /// The lines of the table, header first, without trailing spaces.
  ///
  /// - Parameter width: cells that a line may have; nil for as many as it takes.
  package func lines(width: Int?) -> [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].displayWidth }.max() ?? 0
    }
    let kept = width.map { Self.columns(of: widths, fitting: $0) } ?? header.count
    let layout = Array(widths.prefix(kept))
    guard let width, kept < header.count || widths.reduce(0, +) > width else {
      return ([header] + rows).map { line($0, layout) }
    }
    return wrapped(line(header, layout), width)
      + rows.flatMap { wrapped(line($0, layout), width) + folded($0, from: kept, width) }
  }

  /// How many of the first columns stand in lines of `width` cells: at least one.
  private static func columns(of widths: [Int], fitting width: Int) -> Int {
    var total = -gap
    let fitting = widths.prefix { column in
      total += column + gap
      return total <= width
    }
    return max(1, fitting.count)
  }

  /// The first of `cells`, as many as there are `widths`.
  private func line(_ cells: [String], _ widths: [Int]) -> String {
    let padded = widths.indices.map { column in
      alignments[column] == .left
        ? cells[column].padded(to: widths[column]) : cells[column].indented(to: widths[column])
    }
    var line = padded.joined(separator: blanks(Self.gap))
    while line.hasSuffix(" ") { line.removeLast() }
    return line
  }

  /// `line`, or, where its one cell is wider than that, as many lines as it takes.
  private func wrapped(_ line: String, _ width: Int) -> [String] {
    line.displayWidth <= width
      ? [line] : WrappedText.lines(line, width: width, indent: Self.gap)
  }

  /// The cells behind the first `kept` that are not empty, each behind the title of its column.
  private func folded(_ cells: [String], from kept: Int, _ width: Int) -> [String] {
    let parts = cells.indices.dropFirst(kept).filter { !cells[$0].isEmpty }.map { column in
      header[column].isEmpty ? cells[column] : "\(header[column]) \(cells[column])"
    }
    return WrappedText.joined(
      parts, by: blanks(Self.gap), width: width - Self.gap, indent: Self.gap
    ).map { blanks(Self.gap) + $0 }
  }
}
