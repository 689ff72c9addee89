/// A section of the text of a table: some rows, whole, with what stands between them.
struct CSVSection {
  /// From the first byte of its first row on.
  let places: Range<Int>
  /// The line of that row.
  let line: Int
  /// How many rows have the fields of the table.
  let rows: Int
}

/// Where the text of a table is cut, so that several threads can read it: where the first walk has seen a row begin,
/// and by bytes alone, so that sections are the same for any number of threads.
struct CSVSections {
  /// In the order of the text.
  private(set) var all: [CSVSection] = []
  /// Where the last one begins, and the rows before it.
  private var open: (place: Int, line: Int, rows: Int)?

  /// Bytes of a section, at least; the last one may have fewer.
  private static let size = 1 << 18

  /// Notes that a row begins at `place`, in the line `line` and behind `rows` others.
  mutating func rowBegins(at place: Int, line: Int, behind rows: Int) {
    if let open, place - open.place < Self.size { return }
    end(at: place, behind: rows)
    open = (place, line, rows)
  }

  /// Notes that the text ends at `place`, behind `rows` rows; or the section that is open.
  mutating func end(at place: Int, behind rows: Int) {
    guard let begun = open else { return }
    all.append(
      CSVSection(places: begun.place..<place, line: begun.line, rows: rows - begun.rows))
    open = nil
  }
}
