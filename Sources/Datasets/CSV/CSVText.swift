/// Rows as text that every reader of CSV takes: commas, a header, quotes where a field needs them.
package struct CSVText {
  /// The text so far.
  package private(set) var bytes: [UInt8] = []

  /// A text that begins with the names of its columns.
  package init(header: [String]) { add(header) }

  /// Adds a row.
  package mutating func add(_ fields: [String]) {
    // One empty field without quotes would be a blank line.
    if fields == [""] { bytes += "\"\"".utf8 }
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += Self.quoted(field).utf8
    }
    bytes.append(UInt8(ascii: "\n"))
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes =
      field.utf8.contains { ",\"\n\r".utf8.contains($0) }
      || field.first == " " || field.last == " "
    return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}
