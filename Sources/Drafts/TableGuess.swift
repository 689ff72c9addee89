import Datasets
import Storage

/// What each column of a table is taken for where nobody has said it, and why.
package struct TableGuess: Sendable {
  package enum Role: Sendable, Equatable {
    case target
    /// An input of numbers.
    case number
    /// An input of text, with so many levels.
    case levels(Int)
    /// Left out, for the reason that is given.
    case ignored(String)
  }

  /// Where values are missing, of the columns that are used.
  package enum Missing: Sendable {
    case targets
    case inputs
    case both
  }

  package let survey: TableSurvey
  /// Of every column.
  package let roles: [Role]
  package let target: TargetGuess
  /// Nil where no value is missing.
  package let missing: Missing?
  /// The texts that stand for a missing value; nil for the usual ones.
  package let markers: [String]?

  /// - Parameters:
  ///   - labels: the columns of the targets; none for those that look like it.
  ///   - task: nil for the one that they look like.
  ///   - sparesConstants: whether columns of one value are inputs, too, such as pixels of a border.
  /// - Throws: `DatasetError` where nothing can be learnt from the table.
  package init(
    _ survey: TableSurvey, labels: [ColumnSelector] = [], task: LearningTask? = nil,
    sparesConstants: Bool = false
  ) throws(DatasetError) {
    self.survey = survey
    target = try TargetGuess(survey, labels: labels, task: task)
    let hasGaps = target.columns.contains { survey.columns[$0].gaps > 0 }
    // Of a sample nobody knows whether the rest is the same.
    var roles = survey.columns.map {
      $0.role(sparesConstants: sparesConstants || survey.sampledRows != nil)
    }
    for column in target.columns { roles[column] = .target }
    self.roles = roles
    let inputs = roles.indices.filter { roles[$0].isInput }
    guard !inputs.isEmpty else {
      throw .other(place: survey.file, problem: Self.noInputs(roles, target, survey))
    }
    let used = (inputs + target.columns).map { survey.columns[$0] }
    let lacksInputs = inputs.contains { survey.columns[$0].gaps > 0 }
    missing = hasGaps ? (lacksInputs ? .both : .targets) : lacksInputs ? .inputs : nil
    let odd = used.filter { !$0.isText }.reduce(into: Set<ExactText>()) {
      $0.formUnion($1.differentTexts)
    }
    let usual = used.reduce(into: Set<ExactText>()) { $0.formUnion($1.markers) }
    markers =
      odd.isEmpty
      ? nil
      : odd.union(usual).map(\.text).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The columns of `role`, by their places.
  package func columns(where isWanted: (Role) -> Bool) -> [ColumnSurvey] {
    zip(survey.columns, roles).filter { isWanted($0.1) }.map(\.0)
  }

  /// Numbers that the network takes.
  package var width: Int {
    zip(survey.columns, roles).reduce(0) { sum, own in
      switch own.1 {
      case .number: sum + 1
      // A missing text is a level of its own.
      case .levels(let count): sum + count + (own.0.gaps > 0 ? 1 : 0)
      case .target, .ignored: sum
      }
    }
  }

  /// The columns that are left out because they hold dates.
  package var dates: [DataColumn] {
    zip(survey.columns, roles).compactMap { own in
      if case .ignored = own.1, own.0.holdsDates { own.0.place } else { nil }
    }
  }

  /// The columns that are left out because all rows have the same value.
  package var constants: [DataColumn] {
    zip(survey.columns, roles).compactMap { own in
      if case .ignored = own.1, own.0.isConstant, !own.0.holdsDates { own.0.place } else { nil }
    }
  }

  /// The columns that are used and have a number that may stand for a missing value.
  package var suspects: [ColumnSurvey] { columns { !$0.isIgnored }.filter { $0.suspect != nil } }

  /// The texts that would stand for a missing value if these numbers did.
  package var markersWithSuspects: [String] {
    let usual = columns { !$0.isIgnored }.flatMap { $0.markers.map(\.text) }
    return Set(suspects.compactMap(\.suspect?.text) + usual + (markers ?? [])).sorted {
      $0.utf8.lexicographicallyPrecedes($1.utf8)
    }
  }

  /// Why there are no inputs.
  private static func noInputs(
    _ roles: [Role], _ target: TargetGuess, _ survey: TableSurvey
  ) -> String {
    let reasons = zip(survey.columns, roles).compactMap { column, role in
      if case .ignored(let reason) = role { "\(column.place) \(reason)" } else { nil }
    }
    if reasons.isEmpty {
      return target.columns.count == 1
        ? "its one column is the target, so there is none to predict from"
        : "all \(target.columns.count) columns are targets, so there is none to predict from; leave some "
          + "out of --label"
    }
    return "no column is left that could be an input: " + reasons.joined(separator: "; ")
  }
}

extension TableGuess.Role {
  package var isInput: Bool {
    switch self {
    case .number, .levels: true
    case .target, .ignored: false
    }
  }

  package var isIgnored: Bool {
    if case .ignored = self { true } else { false }
  }
}

extension ColumnSurvey {
  /// Different odd texts of a column of numbers that may all stand for nothing.
  private static let mostMarkers = 3
  /// So many different texts are levels whatever the number of rows.
  private static let fewLevels = 20
  /// Rows that a level needs in the mean, where there are more.
  private static let rowsPerLevel = 10

  /// Rows without a value, those with a text that stands for none among them.
  package var gaps: Int { missing + (isText ? 0 : texts) }

  /// Whether there are numbers, and few odd texts among them.
  package var isNumeric: Bool {
    numbers > 0 && !isText && differentTexts.count <= Self.mostMarkers
      && !(texts > 0 && hasOtherNumbers)
  }

  /// Whether all its texts are dates, or all its numbers days such as 20240531.
  package var holdsDates: Bool {
    guard !values.isEmpty, values.keys.allSatisfy({ CalendarDate.isDate($0.text) }) else {
      return numbers > 0 && texts == 0 && isWhole && CalendarDate.isDate(least)
        && values.keys.allSatisfy { Double($0.text).map(CalendarDate.isDate) ?? false }
    }
    return texts > 0
  }

  /// What the column is as an input, or why it is none.
  fileprivate func role(sparesConstants: Bool) -> TableGuess.Role {
    let rows = numbers + texts + missing
    if numbers + texts == 0 { return .ignored("has no value in any row") }
    if isIndex { return .ignored("only numbers the rows") }
    if holdsDates {
      return .ignored("holds dates, of which no network can make anything as they are")
    }
    // Where some rows lack a text, its being there tells something.
    if isConstant, !sparesConstants, texts == 0 || missing == 0,
      let value = values.keys.map(\.text).min()
    {
      return .ignored("has the same value in every row, \(texts > 0 ? excerpt(value) : value)")
    }
    if isNumeric { return .number }
    if texts > 0, hasOtherNumbers {
      return .ignored(
        "has numbers with separators between thousands or another decimal sign; write them plainly")
    }
    guard isText else {
      let first = differentTexts.map(\.text).min() ?? ""
      return .ignored("has text among its numbers, such as \(excerpt(first))")
    }
    let most = max(Self.fewLevels, min(Self.mostValues, (rows - missing) / Self.rowsPerLevel))
    if values.count > most {
      let count =
        values.count > Self.mostValues ? "more than \(Self.mostValues)" : "\(values.count)"
      return .ignored("has \(count) different texts in \(rows) rows, too many to learn from")
    }
    return .levels(values.count)
  }
}
