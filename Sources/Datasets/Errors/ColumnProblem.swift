extension DatasetError {
  /// What can be wrong with a column as a whole.
  package enum ColumnProblem: Equatable, Sendable {
    /// An input holds text; the first of it, and its line.
    case text(String, line: Int, count: Int, SettingWords)
    /// A target of a regression holds text; the first of it, and its line.
    case textTarget(String, line: Int, count: Int, SettingWords)
    /// Numbers with separators between their thousands: the first, and how it is written plainly. `sign` is
    /// the decimal sign that the separator can be as well.
    case grouped(
      String, plain: String, separator: String, line: Int, count: Int,
      sign: CSVFormat.DecimalSign?, SettingWords)
    /// Numbers with the decimal sign that the table is not read with: the first of them, and its line.
    case otherDecimal(String, line: Int, CSVFormat.DecimalSign, SettingWords)
    /// Several values are missing: how many, and the first of their lines.
    case missing(count: Int, lines: [Int], DatasetError.Missing)
    /// No row has a value.
    case empty(SettingWords)
    /// More different texts than are taken as levels.
    case tooManyLevels(count: Int, limit: Int, SettingWords)
  }
}

extension DatasetError.ColumnProblem {
  /// What is wrong with `column` and what to do, to follow the file's name.
  func text(of column: DataColumn) -> String {
    switch self {
    case .text(let text, let line, let count, let words) where words.isOfSchedule:
      "\(column) holds text (\(excerpt(text)) in line \(line)\(Self.others(count))); "
        + "\(words.leavingOut([column])) to leave it out, or categorical: one_hot to take "
        + "its texts as levels"
    case .text(let text, let line, let count, _):
      "\(column) holds text (\(excerpt(text)) in line \(line)\(Self.others(count))), and the model takes "
        + "numbers there; a column that is no input is left out with --ignore \(column.commandSelector)"
    case .textTarget(let text, let line, let count, let words):
      "\(column), the target, holds text (\(excerpt(text)) in line \(line)\(Self.others(count))); "
        + (words.isOfSchedule
          ? "write task: classification, or choose another label"
          : "the model predicts numbers; choose their column with --label")
    case .grouped(
      let text, let plain, let separator, let line, let count, let sign, let words):
      "\(column) holds numbers with \(separator) between thousands (\(excerpt(text)) in line \(line)"
        + "\(Self.others(count))); write them plainly, as \(plain)"
        + (sign.map { ", or, if that is their decimal sign, write \(words.decimal($0))" } ?? "")
    case .otherDecimal(let text, let line, let sign, let words):
      "\(column) has numbers with a decimal \(sign.word) (\(excerpt(text)) in line \(line)); write "
        + words.decimal(sign)
    case .missing(_, _, let kind):
      "\(missingFact(of: column)); \(DatasetError.ValueProblem.missing(text: "", kind).advice)"
    case .empty(let words):
      "\(column) has no value in any row; \(words.leavingOut([column])) to leave it out"
    case .tooManyLevels(let count, let limit, let words):
      "\(column) has \(count) different texts, and at most \(limit) are taken as levels; "
        + "\(words.leavingOut([column])) to leave it out"
    }
  }

  /// That values of `column` are missing, and where; nothing else is told of other problems.
  func missingFact(of column: DataColumn) -> String {
    guard case .missing(let count, let lines, _) = self else { return "\(column)" }
    let more = count - lines.count
    return
      "\(column): \(count) values are missing (lines \(lines.map(String.init).joined(separator: ", "))"
      + (more > 0 ? " and \(more) more)" : ")")
  }

  private static func others(_ count: Int) -> String {
    count == 1 ? "" : count == 2 ? " and 1 other" : " and \(count - 1) others"
  }
}
