import Storage

extension Page {
  /// The longest text of a cell; what is cut off is in JSON and CSV.
  private static let mostCharacters = 160

  /// One HTML file that needs no other.
  ///
  /// - Parameter mostRows: rows that a table shows. Long texts are cut off where that is stated.
  func html(mostRows: Int? = nil) -> String {
    var context: [String: Any] = [
      "title": title.showingInvisible, "style": PageStyle.sheet,
      "generator": "ecpipe \(ProgramVersion.current)",
      "sections": sections.map { $0.context(mostRows: mostRows) },
      "hasContents": sections.count > 2,
    ]
    if let introduction { context["introduction"] = introduction.showingInvisible }
    if let state { context["state"] = state.showingInvisible }
    if let refreshSeconds { context["refresh"] = refreshSeconds }
    if let footer { context["footer"] = footer.showingInvisible }
    return PageTemplates.page(context)
  }

  fileprivate static func cut(_ text: String) -> String {
    text.utf8.count <= mostCharacters || text.count <= mostCharacters
      ? text : text.prefix(mostCharacters) + "…"
  }
}

// Names that may be absent are set in any case: a template looks for others of the same name further out.

extension Page.Section {
  fileprivate func context(mostRows: Int?) -> [String: Any] {
    [
      "id": id, "heading": heading, "paragraphs": paragraphs.map(\.showingInvisible),
      "blocks": blocks.map { $0.context(mostRows: mostRows) },
    ]
  }
}

extension Page.Block {
  fileprivate func context(mostRows: Int?) -> [String: Any] {
    var context: [String: Any] = [
      "tiles": false, "subheading": false, "text": false, "key": false, "figures": false,
      "table": false, "folded": false, "code": false,
    ]
    switch self {
    case .tiles(let tiles): context["tiles"] = ["items": tiles.map(\.context)]
    case .heading(let text): context["subheading"] = text.showingInvisible
    case .text(let text): context["text"] = text.showingInvisible
    case .legend(let keys): context["key"] = ["keys": keys.map(\.context)]
    case .figures(let figures):
      let isWide = figures.count == 1 || figures.contains(where: \.isWide)
      context["figures"] = [
        "layout": isWide ? "wide" : "pair",
        "items": figures.map { $0.context(mostRows: mostRows) },
      ]
    case .table(let table): context["table"] = table.context(mostRows: mostRows)
    case .folded(let table): context["folded"] = table.context(mostRows: mostRows)
    case .code(let label, let text): context["code"] = ["label": label, "text": text]
    }
    return context
  }
}

extension Page.Tile {
  fileprivate var context: [String: Any] {
    ["term": term, "value": value, "detail": detail.map { $0 as Any } ?? false]
  }
}

extension Page.Key {
  fileprivate var context: [String: Any] {
    [
      "colour": style.map { "c\($0.colour)" as Any } ?? false,
      "shape": style?.sample ?? "<line class=\"key\" x2=\"14\" y1=\"7\" y2=\"7\"/>",
      "title": title.showingInvisible,
    ]
  }
}

extension Page.Figure {
  fileprivate func context(mostRows: Int?) -> [String: Any] {
    let keys = keys.map(\.context)
    let numbers = table.flatMap { $0.rows.isEmpty ? nil : $0.context(mostRows: mostRows) }
    return [
      "id": "figure-\(chart.name)", "caption": chart.title, "picture": chart.svg,
      "legend": keys.isEmpty ? false : ["keys": keys] as Any,
      "remark": remark.map { $0 as Any } ?? false,
      "numbers": numbers.map { $0 as Any } ?? false,
    ]
  }
}

extension PageTable {
  fileprivate func context(mostRows: Int?) -> [String: Any] {
    let (shown, left) = shown(most: mostRows ?? rows.count)
    let cut =
      "\(NumberText.grouped(left)) rows in the middle are left out here; report.json and report.csv have all."
    return [
      "id": "table-\(name)", "caption": caption,
      "columns": columns.map {
        ["name": $0.title.showingInvisible, "isText": $0.isText] as [String: Any]
      },
      "rows": shown.map { place -> [String: Any] in
        [
          "stands": outstanding.contains(place),
          "cells": zip(columns, rows[place]).enumerated().map { index, cell -> [String: Any] in
            [
              "isHead": index == 0, "style": cell.1.style(in: cell.0).map { $0 as Any } ?? false,
              "text": mostRows == nil ? cell.1.text : Page.cut(cell.1.text),
              "detail": cell.1.detail.map { $0 as Any } ?? false,
            ]
          },
        ]
      },
      "cut": left > 0 ? cut as Any : false,
    ]
  }
}

extension PageTable.Cell {
  /// Text longer than this is broken into lines.
  private static let longest = 40

  /// How it looks; nil for a number.
  fileprivate func style(in column: PageTable.Column) -> String? {
    if let isGood { return isGood ? "good" : "bad" }
    guard column.isText else { return nil }
    return text.utf8.count > Self.longest && text.count > Self.longest ? "long" : "text"
  }
}
