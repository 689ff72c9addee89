/// Finds the fields of a CSV text (RFC 4180), one after the other.
///
/// Rows end with LF, CRLF or CR; a field in double quotes may hold delimiters, line ends and
/// doubled quotes. A quote inside an unquoted field stands for itself. Lines of nothing but blanks are
/// no rows.
///
/// A text in a file is read in pieces: of it there is a window in memory, which moves on where a field reaches
/// its end. So a field is known until the next one is asked for. A copy goes on by itself.
struct CSVScanner {
  /// Where a field lies.
  struct Field {
    /// Without the quotes around it.
    let range: Range<Int>
    let isQuoted: Bool
    /// Whether it has doubled quotes.
    let hasEscapes: Bool
    let endsRow: Bool

    /// Whether nothing stands in it, not even quotes.
    var isEmpty: Bool { range.isEmpty && !isQuoted }
  }

  /// What there is of the text.
  private(set) var bytes: [UInt8]
  /// Where in the text that begins.
  private var windowStart = 0
  /// What follows, where `isLast` does not say that nothing does.
  private var reader: ContentReader?
  /// Whether the text ends where the window does.
  private(set) var isLast: Bool
  let delimiter: UInt8
  /// 10^0 to 10^8.
  let powers: [UInt64] = [
    1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000,
  ]
  /// What stands between the whole and the fraction of a number.
  let decimal: CSVFormat.DecimalSign
  /// What stands for a missing value.
  let missing: MissingMarkers
  /// Where the next field begins in the window.
  var position: Int
  /// Where it begins in the text.
  var place: Int { windowStart + position }
  /// The line of the next field as an editor counts it, from 1.
  var line = 1

  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// Bytes by which the window moves on, at least.
  private static let pieceSize = 1 << 18

  /// Starts at the first field of `bytes`, behind a byte order mark.
  init(
    _ bytes: [UInt8], delimiter: UInt8, decimal: CSVFormat.DecimalSign = .point,
    missing: MissingMarkers = .usual
  ) {
    self.init(bytes, delimiter, decimal, missing)
    _ = skipBlankLines()
  }

  /// Starts at the first field of `content`, behind a byte order mark.
  /// - Throws: `DatasetError` of reading.
  init(
    _ content: FileContent, delimiter: UInt8, decimal: CSVFormat.DecimalSign = .point,
    missing: MissingMarkers = .usual
  ) throws(DatasetError) {
    if case .memory(let bytes) = content {
      self.init(bytes, delimiter: delimiter, decimal: decimal, missing: missing)
      return
    }
    let start = try content.prefix(Self.pieceSize)
    self.init(start, delimiter, decimal, missing)
    reader = ContentReader(content, from: start.count)
    isLast = start.count < Self.pieceSize
    let firstLine = line
    var first = position
    while !skipBlankLines() {
      try moveOn(to: first)
      (position, line, first) = (0, firstLine, 0)
    }
  }

  private init(
    _ bytes: [UInt8], _ delimiter: UInt8, _ decimal: CSVFormat.DecimalSign,
    _ missing: MissingMarkers
  ) {
    self.missing = missing
    self.bytes = bytes
    self.delimiter = delimiter
    self.decimal = decimal
    isLast = true
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    if let line = Self.separatorLine(bytes) {
      position = line.end
      self.line = 2
    }
  }

  /// Moves the window on, so that it begins at `place` and has more behind its end.
  private mutating func moveOn(to place: Int) throws(DatasetError) {
    let kept = bytes.count - place
    // As much as there is, so that of a long field few bytes are moved more than once.
    let most = max(kept, Self.pieceSize)
    var failure: DatasetError?
    let next = [UInt8](unsafeUninitializedCapacity: kept + most) { buffer, count in
      let all = UnsafeMutableRawBufferPointer(buffer)
      all.copyBytes(from: bytes[place...])
      count = kept
      do throws(DatasetError) {
        count +=
          try reader?.fill(
            UnsafeMutableRawBufferPointer(rebasing: all[kept..<(kept + most)])) ?? 0
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    isLast = next.count < kept + most
    bytes = next
    windowStart += place
  }

  /// Whether a section of the text can be read without those before it.
  var isSeekable: Bool { reader.map { $0.file != nil } ?? true }

  /// Goes to the begin of `section`, and not beyond its end where the text is in a file.
  /// - Throws: `DatasetError` of reading.
  mutating func go(to section: CSVSection) throws(DatasetError) {
    line = section.line
    position = section.places.lowerBound
    guard let file = reader?.file else { return }
    bytes = try file.bytes(section.places)
    (windowStart, position, isLast) = (section.places.lowerBound, 0, true)
    self.reader = nil
  }

  /// A hash of what stands in `field`.
  func hash(of field: Field) -> UInt64 { RowHash.key(bytes[field.range]) }

  /// The delimiter that a first line `sep=;` says, as Excel reads it, and where the next line begins.
  static func separatorLine(_ bytes: [UInt8]) -> (delimiter: UInt8, end: Int)? {
    let word = Array("sep=".utf8)
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
    var i = start + word.count
    guard i + 1 < bytes.count, bytes[start..<i].elementsEqual(word) else { return nil }
    let delimiter = bytes[i]
    i += 1
    guard Self.endsLine(bytes[i]) else { return nil }
    if bytes[i] == Self.carriageReturn, i + 1 < bytes.count, bytes[i + 1] == Self.lineFeed {
      i += 1
    }
    return (delimiter, i + 1)
  }

  /// Whether no further row begins here; to be asked at the start of a row.
  var isAtEnd: Bool { isLast && position >= bytes.count }

  /// The next field.
  /// - Throws: `DatasetError` for a quoted field without its end or with text behind it.
  mutating func next(file: String) throws(DatasetError) -> Field {
    while true {
      let (start, startLine) = (position, line)
      if let field = try find(file) { return field }
      try moveOn(to: start)
      (position, line) = (0, startLine)
    }
  }

  /// The next field; nil where the window ends before it is clear what the field is, and what begins behind it.
  private mutating func find(_ file: String) throws(DatasetError) -> Field? {
    let end = bytes.count
    var i = position
    let isQuoted = i < end && bytes[i] == Self.quote
    var hasEscapes = false
    let range: Range<Int>
    if isQuoted {
      i += 1
      let start = i
      let first = line
      while true {
        guard i < end else {
          guard isLast else { return nil }
          throw .at(file, line: first, "a quoted field has no closing quote; add it")
        }
        if i + 1 == end, !isLast { return nil }
        if bytes[i] == Self.quote {
          guard i + 1 < end, bytes[i + 1] == Self.quote else { break }
          hasEscapes = true
          i += 1
        } else if endsLine(at: i) {
          line += 1
        }
        i += 1
      }
      range = start..<i
      i += 1
      guard i >= end || bytes[i] == delimiter || Self.endsLine(bytes[i]) else {
        throw .at(
          file, line: line,
          "text follows the closing quote of a field; write a quote inside a quoted field twice")
      }
    } else {
      while i < end, bytes[i] != delimiter, !Self.endsLine(bytes[i]) { i += 1 }
      range = position..<i
    }
    if i + 1 >= end, !isLast { return nil }
    let endsRow = i >= end || bytes[i] != delimiter
    if i + 1 < end, bytes[i] == Self.carriageReturn, bytes[i + 1] == Self.lineFeed { i += 1 }
    position = min(i + 1, end)
    if endsRow {
      line += 1
      if !skipBlankLines() { return nil }
    }
    return Field(range: range, isQuoted: isQuoted, hasEscapes: hasEscapes, endsRow: endsRow)
  }

  /// Goes on to the next line that has more than blanks. A delimiter is no blank.
  ///
  /// - Returns: false where the window ends before.
  mutating func skipBlankLines() -> Bool {
    let end = bytes.count
    var i = position
    while i < end {
      let byte = bytes[i]
      if i + 1 == end, !isLast { return false }
      if Self.endsLine(byte) {
        if endsLine(at: i) { line += 1 }
        position = i + 1
      } else if !Self.isBlank(byte) || byte == delimiter {
        return true
      }
      i += 1
    }
    position = end
    return isLast
  }

  /// Whether a line ends with the byte at `i`: of CR and LF in a row, the second ends it.
  private func endsLine(at i: Int) -> Bool {
    bytes[i] == Self.lineFeed
      || bytes[i] == Self.carriageReturn
        && !(i + 1 < bytes.count && bytes[i + 1] == Self.lineFeed)
  }

  /// The text of a field: an unquoted one without blanks around it, a quoted one as it stands.
  /// Nil where it is not UTF-8.
  func text(_ field: Field) -> String? {
    var range = field.range
    if !field.isQuoted {
      while let first = range.first, Self.isBlank(bytes[first]) {
        range = (first + 1)..<range.upperBound
      }
      while let last = range.last, Self.isBlank(bytes[last]) { range = range.lowerBound..<last }
    }
    guard field.hasEscapes else { return Self.text(bytes.span.extracting(range)) }
    var unescaped: [UInt8] = []
    var i = range.lowerBound
    while i < range.upperBound {
      unescaped.append(bytes[i])
      i += bytes[i] == Self.quote ? 2 : 1
    }
    return Self.text(unescaped.span)
  }

  /// `bytes` as text; nil where they are not UTF-8.
  private static func text(_ bytes: Span<UInt8>) -> String? {
    try? String(copying: UTF8Span(validating: bytes))
  }

  /// The field as a number.
  func number(_ field: Field) -> NumericField {
    NumericField(bytes, in: field.range, decimal: decimal, missing: missing)
  }

  /// What the field is as a number with the other sign between whole and fraction.
  func numberOtherwise(_ field: Field) -> NumericField {
    NumericField(bytes, in: field.range, decimal: decimal.other, missing: missing)
  }

  static func endsLine(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }
}
