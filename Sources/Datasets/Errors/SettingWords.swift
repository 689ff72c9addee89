import Storage

/// How settings are written where data are read, for messages that say what to write.
package enum SettingWords: Sendable, Equatable {
  /// Keys under `data` of a schedule.
  case schedule
  /// Keys under `data` of a schedule that has a list `ignore` already, to which columns have to be added.
  case scheduleWithIgnored
  /// Options of a command.
  case command

  /// Whether keys of a schedule are meant.
  var isOfSchedule: Bool {
    switch self {
    case .schedule, .scheduleWithIgnored: true
    case .command: false
    }
  }

  /// The same words where columns are ignored already.
  func having(ignored: Bool) -> SettingWords {
    self == .schedule && ignored ? .scheduleWithIgnored : self
  }

  /// What to do to leave columns out: "write ignore: [id]", or "add id to ignore".
  func leavingOut(_ columns: [DataColumn]) -> String {
    switch self {
    case .schedule:
      "write ignore: [\(columns.map(\.scheduleSelector).joined(separator: ", "))]"
    case .scheduleWithIgnored:
      "add \(columns.map(\.scheduleSelector).joined(separator: ", ")) to ignore"
    case .command:
      "write " + columns.map { "--ignore \($0.commandSelector)" }.joined(separator: " ")
    }
  }

  /// What says whether the first line has names.
  func header(_ isThere: Bool) -> String {
    switch self {
    case .schedule, .scheduleWithIgnored: "header: \(isThere)"
    case .command: isThere ? "--header" : "--no-header"
    }
  }

  /// What says what stands between the whole and the fraction of a number.
  func decimal(_ sign: CSVFormat.DecimalSign) -> String {
    switch self {
    case .schedule, .scheduleWithIgnored: "decimal: \(sign.word)"
    case .command: "--decimal \(sign.word)"
    }
  }

  /// What says what stands between columns.
  var delimiter: String {
    switch self {
    case .schedule, .scheduleWithIgnored: "delimiter: comma, semicolon, tab or bar"
    case .command: "--delimiter with comma, semicolon, tab or bar"
    }
  }

  /// What says that `delimiter` stands between columns.
  func delimiter(_ delimiter: CSVFormat.Delimiter) -> String {
    switch self {
    case .schedule, .scheduleWithIgnored: "delimiter: \(delimiter.word)"
    case .command: "--delimiter \(delimiter.word)"
    }
  }

  /// What says which column is the target.
  var label: String {
    switch self {
    case .schedule, .scheduleWithIgnored: "label"
    case .command: "--label"
    }
  }
}

extension DataColumn {
  /// The column in a list of a schedule: its name, in quotes where it could be read as something else,
  /// or its index where it has none.
  package var scheduleSelector: String {
    guard let name, !name.isEmpty else { return String(index) }
    let plain = name.utf8.allSatisfy(Self.isPlain) && name.utf8.first.map(Self.isLetter) == true
    let words = ["last", "true", "false", "null", "yes", "no", "on", "off"]
    if plain, !words.contains(name.lowercased()) { return name }
    let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return name.unicodeScalars.allSatisfy(\.isPlainInYAML) ? "\"\(escaped)\"" : String(index)
  }

  /// The column on a command line: its name, in quotes where a shell needs them, or its index.
  package var commandSelector: String {
    guard let name, !name.isEmpty, ColumnSelector(name) == .name(name),
      !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { return String(index) }
    if name.utf8.allSatisfy(Self.isPlain), name.utf8.first != UInt8(ascii: "-") { return name }
    return "'" + name.replacing("'", with: "'\\''") + "'"
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
      || byte == UInt8(ascii: ".")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7a).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
