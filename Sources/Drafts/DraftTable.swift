import Datasets
import Storage

/// The table that a draft is written for: where it lies, and what it is taken for.
package struct DraftTable: Sendable {
  /// As the schedule has it, relative to its folder.
  package let path: String
  /// Nil for a file that is still to be named.
  package let guess: TableGuess?

  /// - Parameters:
  ///   - path: relative to the schedule's folder.
  ///   - guess: what is known of it; nil for a file that is still to be named.
  package init(path: String, guess: TableGuess?) {
    self.path = path
    self.guess = guess
  }

  package var task: LearningTask { guess?.target.task ?? .classification }

  /// Columns that have a line of their own.
  private static let shown = 40

  /// Adds what is in the columns, as comments.
  func addColumns(to lines: inout DraftLines) {
    guard let guess else { return }
    let survey = guess.survey
    lines.comment(
      "\(FilePaths.name(of: path)): \(Self.rows(survey)), \(counted(survey.columns.count, "column")), "
        + (survey.header ? "names in the first line" : "no names in the first line")
        + ", \(survey.delimiter.word) between fields, decimal \(survey.decimal.word)")
    for (column, role) in zip(survey.columns, guess.roles).prefix(Self.shown) {
      lines.comment("\(Self.name(column.place)): \(Self.words(column, role))", inner: 2)
    }
    let more = survey.columns.count - Self.shown
    if more > 0 { lines.comment("and \(counted(more, "more column", "more columns"))", inner: 2) }
  }

  private static func rows(_ survey: TableSurvey) -> String {
    let rows = counted(survey.rows, "row")
    return survey.sampledRows.map { "about \(rows) (\($0) from all over the file were looked at)" }
      ?? rows
  }

  private static func name(_ place: DataColumn) -> String {
    guard let name = place.name, !name.isEmpty else { return "\(place.index)" }
    return String(excerpt(name).dropFirst().dropLast())
  }

  private static func words(_ column: ColumnSurvey, _ role: TableGuess.Role) -> String {
    let gaps = column.gaps == 0 ? "" : ", missing in \(counted(column.gaps, "row"))"
    let numbers = NumberText.apart([column.least, column.most], 6).joined(separator: " to ")
    switch role {
    case .target: return "the target" + gaps + suspect(column)
    case .number: return "numbers, \(numbers)" + gaps + suspect(column)
    case .levels(let count): return "text, \(counted(count, "level"))" + gaps
    case .ignored(let reason): return "left out: it \(reason)"
    }
  }

  /// What is said of a number that may stand for a missing value.
  private static func suspect(_ column: ColumnSurvey) -> String {
    column.suspect.map { suspect in
      "; \(suspect.text) in \(counted(suspect.rows, "row")) lies far from all others: does it stand for a "
        + "missing value?"
    } ?? ""
  }

  // MARK: data

  /// Adds the keys under `data`.
  ///
  /// - Parameters:
  ///   - split: as it stands behind its key.
  ///   - comment: why so.
  ///   - takesNewTexts: whether texts that no row has now are to be taken later.
  func addData(
    to lines: inout DraftLines, split: String, _ comment: String, takesNewTexts: Bool = false
  ) {
    lines.add("data:")
    guard let guess else {
      lines.add(
        "  csv: \(path)", "<- your file, relative to this one; .csv, .csv.gz or .csv.zst")
      lines.add("  label: last", "<- the column to predict: last, its index from 0, or its name")
      lines.add("  task: classification", "<- labels may be text; for numbers: regression")
      lines.add("  split: \(split)", comment)
      lines.add("  scale: standard", "every input to mean 0 and deviation 1")
      return
    }
    let survey = guess.survey
    lines.add("  csv: \(YAMLText.quoted(path))", "relative to this file")
    addTarget(guess, to: &lines)
    if !survey.header {
      lines.add("  header: false", "the first line is data; columns are counted from 0")
    }
    if survey.delimiter != .comma {
      lines.add("  delimiter: \(survey.delimiter.word)", "what stands between columns")
    }
    if survey.decimal != .point {
      lines.add("  decimal: \(survey.decimal.word)", "what stands before the fraction of a number")
    }
    addIgnored(guess, to: &lines)
    addTexts(guess, takesNewTexts, to: &lines)
    addMissing(guess, to: &lines)
    lines.add("  split: \(split)", comment)
    lines.add("  scale: standard", "every input to mean 0 and deviation 1")
    if task == .regression {
      lines.add("  scale_targets: standard", "the targets likewise; errors stay in their units")
    }
  }

  private func addTarget(_ guess: TableGuess, to lines: inout DraftLines) {
    let target = guess.target
    let labels = target.columns.map { selector(guess.survey.columns[$0].place, guess.survey) }
    let neighbour = target.neighbour.map { selector(guess.survey.columns[$0].place, guess.survey) }
    lines.add(
      "  label: " + (labels.count == 1 ? labels[0] : YAMLText.list(labels)),
      target.reason
        + (neighbour.map {
          "; to predict the column before it as well: \(YAMLText.list([$0] + labels))"
        }
          ?? ""))
    lines.add("  task: \(target.task.rawValue)", target.taskReason)
  }

  private func addIgnored(_ guess: TableGuess, to lines: inout DraftLines) {
    let ignored = guess.columns { if case .ignored = $0 { true } else { false } }
    guard !ignored.isEmpty else { return }
    let names = ignored.map { selector($0.place, guess.survey) }
    lines.add("  ignore: \(YAMLText.list(names))", "columns that are no inputs; why is said above")
  }

  private func addTexts(
    _ guess: TableGuess, _ takesNew: Bool, to lines: inout DraftLines
  ) {
    let texts = guess.columns { if case .levels = $0 { true } else { false } }
    guard !texts.isEmpty else { return }
    lines.add(
      takesNew ? "  categorical: {one_hot: {unknown: zeros}}" : "  categorical: one_hot",
      "one input for each text of \(shown(texts))"
        + (takesNew ? "; another text later is all zeros" : ""))
  }

  private func addMissing(_ guess: TableGuess, to lines: inout DraftLines) {
    if let missing = guess.missing {
      let reason =
        switch missing {
        case .targets: "a target cannot be filled in, so rows without one are left out"
        case .inputs:
          "the median of the training part stands for a missing number; a missing text is a level"
        case .both:
          "the median of the training part stands for a missing number, and a missing text is a level; a "
            + "target cannot be filled in, so rows without one are left out (missing: drop would also leave "
            + "out rows that only lack an input)"
        }
      lines.add("  missing: \(Self.setting(missing, guess.markers))", reason)
    }
    if let setting = suspectSetting {
      lines.comment(
        "where the numbers that lie far from all others stand for missing values:", inner: 2)
      lines.comment("missing: \(setting)", inner: 2)
    }
  }

  /// The value of `missing` if the numbers that may stand for missing values did; nil where there are none.
  package var suspectSetting: String? {
    guard let guess, !guess.suspects.isEmpty else { return nil }
    let ofTargets = zip(guess.survey.columns, guess.roles).contains {
      $0.1 == .target && ($0.0.suspect != nil || $0.0.gaps > 0)
    }
    let ofInputs = zip(guess.survey.columns, guess.roles).contains {
      $0.1.isInput && ($0.0.suspect != nil || $0.0.gaps > 0)
    }
    return Self.setting(
      ofTargets ? (ofInputs ? .both : .targets) : .inputs, guess.markersWithSuspects)
  }

  /// The value of `missing`.
  private static func setting(_ missing: TableGuess.Missing, _ markers: [String]?) -> String {
    let policy =
      switch missing {
      case .targets: "drop"
      case .inputs, .both: "median"
      }
    let details =
      (missing == .both ? ["targets: drop"] : [])
      + (markers.map { ["markers: \(YAMLText.list($0.map(YAMLText.quoted)))"] } ?? [])
    return details.isEmpty ? policy : "{\(policy): {\(details.joined(separator: ", "))}}"
  }

  private func shown(_ columns: [ColumnSurvey]) -> String {
    let names = columns.prefix(6).map { Self.name($0.place) }
    let more = columns.count - names.count
    return names.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// The column in a schedule; by its index where its name is another's, too, or would be a pattern.
  private func selector(_ place: DataColumn, _ survey: TableSurvey) -> String {
    let isTwice = survey.columns.count { $0.place.name == place.name } > 1
    let isPattern = place.name?.contains { "*?".contains($0) } ?? false
    return isTwice || isPattern ? String(place.index) : place.scheduleSelector
  }
}
