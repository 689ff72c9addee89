import NeuralNetworks
import Storage

/// A CSV text that was walked once: its layout, its columns and the number of its rows are known before
/// anything is allocated by their numbers.
struct CSVTable {
  let file: String
  /// Number of columns, at least one.
  let columns: Int
  /// Number of rows of data, at least one; those of another number of fields are not among them.
  let rows: Int
  /// The names in the header, nil without one.
  let names: [String]?
  /// The line of the first row, where it is data only because one of its fields is a number.
  let uncertainLine: Int?
  /// Whether the names only count the columns, so that they tell a model nothing.
  let hasCountedNames: Bool
  let delimiter: CSVFormat.Delimiter
  /// Whether the delimiter was found out.
  let isDelimiterFound: Bool
  let decimal: CSVFormat.DecimalSign
  /// Stands at the first row of data.
  let start: CSVScanner
  /// Where rows can be read apart from those before.
  let sections: [CSVSection]
  /// Lines of rows that have another number of fields.
  let ragged: Set<Int>
  /// What is wrong with these.
  let problems: ProblemList
  /// Sentences to show the user.
  private(set) var notes: [String] = []

  /// Walks the text once.
  /// - Throws: `DatasetError`.
  init(_ content: FileContent, file: String, _ request: TableRequest) throws(DatasetError) {
    let bytes = try content.prefix(DelimiterDetection.bytes)
    guard !bytes.starts(with: [0xff, 0xfe]), !bytes.starts(with: [0xfe, 0xff]) else {
      throw .notUTF8(file, line: 1)
    }
    guard !Self.isPage(bytes) else {
      throw .at(
        file,
        "this is an HTML page, not a table; download the file itself (on many sites behind a "
          + "link called raw)")
    }
    let format = request.format
    let model = request.context.interface?.table
    let decimal =
      format.decimal ?? model.flatMap { CSVFormat.DecimalSign(rawValue: $0.decimalSign) }
    let usual = model.flatMap { CSVFormat.Delimiter(rawValue: $0.delimiter) }
    let delimiter =
      format.delimiter
      ?? CSVScanner.separatorLine(bytes).flatMap { line in
        CSVFormat.Delimiter.allCases.first { $0.byte == line.delimiter }
      }
      ?? DelimiterDetection(bytes, decimal: decimal).delimiter(preferring: usual)
    isDelimiterFound = format.delimiter == nil
    let first = try CSVScanner(
      content, delimiter: delimiter.byte, decimal: decimal ?? .point, missing: request.markers)
    guard !first.isAtEnd else { throw .file(file, .noRows) }
    let header = try HeaderDetection(
      first, file: file, stated: format.header, wantsNames: request.wantsNames,
      expected: request.context.interface?.inputNames, words: request.context.words)
    if let note = header.note { notes.append("\(file): \(note)") }

    var scanner = first
    var walk = try Walk(&scanner, file: file, hasHeader: header.isHeader)
    let start = header.isHeader ? scanner : first
    if !scanner.isAtEnd || !header.isHeader {
      scanner = start
      try walk.go(&scanner, file: file)
    }
    let fitting =
      isDelimiterFound
      ? nil : DelimiterDetection(bytes, decimal: decimal).delimiter(preferring: delimiter)
    if let refusal = walk.refusal(request.context.words, delimiter, fitting: fitting) {
      throw refusal
    }
    guard walk.rows > 0 else {
      try walk.problems.throwIfAny()
      throw .file(file, .noRows)
    }
    if isDelimiterFound, delimiter == .comma, format.decimal == nil, walk.columns == 2,
      walk.names == nil, request.task == nil, request.context.interface?.inputs.count == 1,
      DelimiterDetection(bytes, decimal: nil).isOneNumberOrTwo
    {
      throw .at(
        file, line: first.line,
        "this can be two columns with a comma between them, or one number with a decimal comma, and "
          + "\(request.context.owner) has one input; say which with "
          + "\(request.context.words.delimiter(.comma)) or \(request.context.words.decimal(.comma))"
      )
    }
    guard walk.columns <= ModelInterface.mostColumns else {
      throw .at(
        file,
        "there are \(walk.columns) columns, and \(ModelInterface.mostColumns) are read at most; check the delimiter"
      )
    }
    if walk.hasEmptyEnd {
      notes.append(
        "\(file): the lines end with \(delimiter.shown); the empty column behind it is left out")
    }
    self.file = file
    self.delimiter = delimiter
    self.decimal = decimal ?? .point
    self.start = start
    sections = walk.sections.all
    uncertainLine = header.isUncertain ? first.line : nil
    hasCountedNames = header.isCounted
    columns = walk.columns
    names = walk.names
    rows = walk.rows
    ragged = walk.ragged
    problems = walk.problems
  }

  /// Whether a text is a page of the web, as downloads often are.
  private static func isPage(_ bytes: [UInt8]) -> Bool {
    let start = String(decoding: bytes.prefix(64), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }

  /// The column of an index, with its name.
  func column(_ index: Int) -> DataColumn { DataColumn(index: index, name: names?[index]) }

  /// As an interface has the layout, with the columns at `ignored` left out.
  func layout(ignoring ignored: [Int]) -> ModelInterface.Table {
    ModelInterface.Table(
      delimiter: delimiter.rawValue, decimalSign: decimal.rawValue, header: names != nil,
      ignored: ignored.map { ModelInterface.Column(name: names?[$0], position: $0) })
  }

  /// Why a table of one column has no inputs.
  var oneColumn: DatasetError {
    let name = names.map { excerpt($0[0]) }
    return .at(
      file,
      "there is one column\(name.map { ", \($0)," } ?? "") and no input beside it: "
        + (isDelimiterFound && decimal == .comma
          ? "no semicolon, tab or bar divides the lines, and a comma is the decimal sign; write one of these "
            + "between the columns, or state the delimiter"
          : isDelimiterFound
            ? "no comma, semicolon, tab or bar divides the lines; write one of these between the columns"
            : "\(delimiterClause), and it divides no line; state another one"))
  }

  /// What the delimiter is, as a clause.
  var delimiterClause: String {
    isDelimiterFound
      ? "the delimiter found is \(delimiter.shown)" : "the delimiter is \(delimiter.shown)"
  }
}

extension TableRequest {
  /// Whether a column is selected by name, which needs a header.
  fileprivate var wantsNames: Bool {
    let selectors = labels + (columns.inputs ?? []) + columns.ignored
    return selectors.contains { if case .name = $0 { true } else { false } }
  }
}

extension ModelInterface {
  /// The names of the inputs; nil where they have none.
  var inputNames: Set<String>? {
    let names = Set(inputs.compactMap(\.name))
    return names.isEmpty ? nil : names
  }
}

extension DatasetError {
  /// Bytes that are no text.
  package static func notUTF8(_ file: String, line: Int) -> DatasetError {
    .at(file, line: line, "the text is not UTF-8; save the file as UTF-8")
  }
}
