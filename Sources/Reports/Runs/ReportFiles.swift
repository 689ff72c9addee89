import Storage

/// A report as three files: the page, and its numbers as JSON and as CSV.
package struct ReportFiles: Sendable {
  package let html: [UInt8]
  package let json: [UInt8]
  package let csv: [UInt8]

  /// Rows that tables show at first.
  private static let mostRows = 200

  init(_ page: Page, head: [(String, JSONValue)]) {
    var rows = Self.mostRows
    var html = page.html(mostRows: rows)
    while html.utf8.count > RunReport.mostBytes, rows > 10 {
      rows /= 2
      html = page.html(mostRows: rows)
    }
    self.html = Array(html.utf8)
    json = Array((page.json(JSONObject(head) ?? [:]).canonical + "\n").utf8)
    csv = Array(page.csv.utf8)
  }

  package var bytes: Int { html.count + json.count + csv.count }

  /// Where JSON and CSV go beside the page at `path`.
  package static func companions(of path: String) -> (json: String, csv: String) {
    var stem = path
    for ending in [".html", ".htm"] where stem.lowercased().hasSuffix(ending) {
      stem.removeLast(ending.count)
      break
    }
    return (stem + ".json", stem + ".csv")
  }

  /// Whether the file at `path` holds the numbers of a report, as JSON or as CSV.
  package static func areNumbers(_ path: String) -> Bool {
    guard let bytes = (try? FilePaths.readIfThere(path)) ?? nil else { return false }
    if bytes.starts(with: Page.csvHead.utf8) { return true }
    let json = try? JSONValue(parsing: bytes)
    return json?["figures"]?.objectValue != nil && json?["tables"]?.objectValue != nil
  }

  /// Each file with its path, the page last.
  package func placed(at path: String) -> [(path: String, bytes: [UInt8])] {
    let others = Self.companions(of: path)
    return [(others.json, json), (others.csv, csv), (path, html)]
  }

  /// Puts the files in place, each whole at any time, the page last; they may be lost in a power cut, since they
  /// can be made again.
  ///
  /// - Throws: `StoreError`.
  package func replace(at path: String) throws(StoreError) {
    for file in placed(at: path) { try DurableFile.replace(file.bytes, at: file.path) }
  }
}
