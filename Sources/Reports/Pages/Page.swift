import Storage

/// A page in parts: what templates make HTML of, and the numbers in it JSON and CSV.
struct Page {
  /// What is shown one below the other.
  enum Block {
    case tiles([Tile])
    /// Of what follows, below the section's.
    case heading(String)
    case text(String)
    /// What colours stand for in all figures that follow.
    case legend([Key])
    /// Side by side where there is room for it.
    case figures([Figure])
    case table(PageTable)
    /// One that is shown when it is asked for.
    case folded(PageTable)
    /// What is to be copied: a command, say.
    case code(label: String, text: String)
  }

  /// One thing that counts, in large.
  struct Tile {
    let term: String
    let value: String
    var detail: String?
  }

  /// What a colour and a shape stand for.
  typealias Key = ChartKey

  /// A picture with the numbers behind it.
  struct Figure {
    let chart: any Chart
    var keys: [Key] = []
    var remark: String?
    /// The numbers; nil where they stand elsewhere on the page.
    var table: PageTable?
    /// Whether it takes the whole width.
    var isWide = false
  }

  /// A part of a page under a heading of its own.
  struct Section {
    let id: String
    let heading: String
    var paragraphs: [String] = []
    var blocks: [Block] = []
  }

  let title: String
  var introduction: String?
  /// What is to be known of it at once.
  var state: String?
  /// After how many seconds a reader wants it anew; nil for a page that stays as it is.
  var refreshSeconds: Int?
  var sections: [Section] = []
  var footer: String?
}

extension Page {
  /// What is in it, for programs; `head` are members beside the numbers.
  func json(_ head: JSONObject) -> JSONValue {
    var json = JSONValue.object(head)
    var tables = JSONObject()
    var figures = JSONObject()
    for block in sections.flatMap(\.blocks) {
      switch block {
      case .tiles, .heading, .text, .legend, .code: break
      case .table(let table), .folded(let table): tables[table.name] = table.json
      case .figures(let all):
        for figure in all {
          if let table = figure.table { tables[table.name] = table.json }
          figures[figure.chart.name] = [
            "title": .string(figure.chart.title), "marks": JSONValue(figure.chart.marks),
            "table": JSONValue(figure.table?.name),
          ]
        }
      }
    }
    json["tables"] = .object(tables)
    json["figures"] = .object(figures)
    return json
  }

  /// The first line of `csv`.
  static let csvHead = "table,row,column,value\n"

  /// All tables in one, a line a number.
  var csv: String {
    var text = Self.csvHead
    for block in sections.flatMap(\.blocks) {
      switch block {
      case .tiles, .heading, .text, .legend, .code: break
      case .table(let table), .folded(let table): table.appendCSV(to: &text)
      case .figures(let figures): for figure in figures { figure.table?.appendCSV(to: &text) }
      }
    }
    return text
  }
}
