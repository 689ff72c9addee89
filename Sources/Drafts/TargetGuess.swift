import Datasets
import Storage

/// Which columns of a table are to be predicted, as what, and why.
package struct TargetGuess: Sendable {
  /// Their places; several for a regression alone.
  package let columns: [Int]
  /// Why these.
  package let reason: String
  package let task: LearningTask
  /// Why so.
  package let taskReason: String
  /// Classes; 0 for a regression.
  package let classes: Int
  /// The column before the target that may be one as well, where the target was chosen by its place.
  package let neighbour: Int?

  /// Names of columns that are to be predicted, the surest first.
  private static let names = [
    "target", "label", "class", "y", "targets", "labels", "outcome", "response",
  ]
  /// Names of columns of classes, however many they are.
  private static let classNames: Set = ["class", "label", "labels", "species", "category"]
  /// Whole numbers of more different values are amounts.
  private static let mostNumberedClasses = 20
  private static let mostNamedClasses = 200
  /// Rows that a class has in the mean.
  private static let rowsPerClass = 5

  init(
    _ survey: TableSurvey, labels: [ColumnSelector], task: LearningTask?
  ) throws(DatasetError) {
    let reason: String
    var isByPlace = false
    if labels.isEmpty {
      (columns, reason, isByPlace) = try Self.likely(survey, task)
    } else {
      var found: [Int] = []
      for label in labels {
        let column = try survey.index(of: label)
        if found.contains(column) {
          throw .other(
            place: survey.file,
            problem: "--label names \(survey.columns[column].place) twice; name each target once")
        }
        found.append(column)
      }
      (columns, reason) = (found, "as --label says")
    }
    self.reason = reason
    let targets = columns.map { survey.columns[$0] }
    if let task {
      self.task = task
      taskReason = "as --task says"
    } else {
      (self.task, taskReason) = Self.kind(of: targets)
    }
    if let fault = Self.fault(targets, self.task) {
      throw .other(place: survey.file, problem: fault)
    }
    classes = self.task == .classification ? targets[0].values.count : 0
    neighbour =
      isByPlace && self.task == .regression
      ? columns.first.flatMap { Self.neighbour(of: $0, survey) } : nil
  }

  /// The column before `column` where both are measurements.
  private static func neighbour(of column: Int, _ survey: TableSurvey) -> Int? {
    guard column > 1, !survey.columns[column].isWhole else { return nil }
    let own = survey.columns[column - 1]
    return own.isNumeric && !own.isWhole && fault([own], .regression) == nil ? column - 1 : nil
  }

  // MARK: Columns

  private static func likely(
    _ survey: TableSurvey, _ task: LearningTask?
  ) throws(DatasetError) -> (columns: [Int], reason: String, isByPlace: Bool) {
    let fitting = survey.columns.indices.filter { column in
      let own = survey.columns[column]
      return !own.isIndex && !own.holdsDates && fault([own], task ?? kind(of: [own]).0) == nil
    }
    func name(_ column: Int) -> String { survey.columns[column].place.name?.lowercased() ?? "" }
    let grouped = fitting.filter { isOneOfSeveral(name($0)) && survey.columns[$0].isNumeric }
    if grouped.count > 1, task != .classification {
      return (
        grouped, "columns of such names are targets as a rule; leave out those that are none",
        false
      )
    }
    if let last = fitting.last, last == survey.columns.count - 1, names.contains(name(last)) {
      return ([last], "the last column, with a name that targets have as a rule", false)
    }
    for own in names {
      if let column = fitting.first(where: { name($0) == own }) {
        return ([column], "a name that targets have as a rule", false)
      }
    }
    guard let last = fitting.last, fitting.count > 1 || survey.columns.count > 1 else {
      throw .other(
        place: survey.file,
        problem: "no column looks like something to predict; name the one that is, with --label")
    }
    let isLast = last == survey.columns.count - 1
    return (
      [last],
      isLast
        ? "the last column, as in most tables; write another name, or a list, where it is not"
        : "the last column that can be predicted; write another name, or a list, where it is not",
      true
    )
  }

  /// Whether a name is one of several targets: it counts them, such as `y1` or `target 2`, or has a word for
  /// them and a sign before the rest, such as `target_height`.
  private static func isOneOfSeveral(_ name: String) -> Bool {
    for prefix in ["target", "label", "output", "out", "y"] where name.hasPrefix(prefix) {
      let end = name.dropFirst(prefix.count)
      let rest = end.drop { "_-. ".contains($0) }
      if rest.isEmpty { continue }
      if rest.allSatisfy({ $0.isASCII && $0.isNumber }) { return true }
      if prefix.count > 1, rest.count < end.count { return true }
    }
    return false
  }

  // MARK: Task

  private static func kind(of targets: [ColumnSurvey]) -> (LearningTask, String) {
    guard targets.count == 1, let own = targets.first else {
      return (.regression, "several columns are numbers to predict")
    }
    let count = own.values.count
    if own.isText { return (.classification, "\(count) different texts") }
    let isNamed = classNames.contains(own.place.name?.lowercased() ?? "")
    let most = isNamed ? mostNamedClasses : mostNumberedClasses
    let rows = own.numbers
    if own.isWhole, count <= most, rows >= rowsPerClass * count {
      return (
        .classification, "\(count) different whole numbers; where they are amounts, regression"
      )
    }
    return (
      .regression,
      own.isWhole
        ? "\(count > ColumnSurvey.mostValues ? "many" : "\(count)") different whole numbers; "
          + "where they are classes, classification"
        : "numbers with fractions"
    )
  }

  /// Why the columns cannot be predicted; nil where they can.
  private static func fault(_ targets: [ColumnSurvey], _ task: LearningTask) -> String? {
    if task == .classification, targets.count > 1 {
      return "there are \(targets.count) columns to predict, and classes have one"
    }
    for own in targets {
      guard own.values.count > 1 else {
        return "\(own.place) has the same value in every row, so there is nothing to predict"
      }
      switch task {
      case .regression:
        if !own.isNumeric { return "\(own.place) holds text, and a regression predicts numbers" }
      case .classification:
        if !own.isText, !own.isWhole {
          return "\(own.place) has numbers with fractions, and no classes"
        }
        if own.values.count * 2 > own.numbers + own.texts {
          return "\(own.place) has hardly a value twice, so there are no classes to learn"
        }
      }
    }
    return nil
  }
}

extension TableSurvey {
  /// The columns that `words` name: each a name, an index, or `last`, or several of these with commas between
  /// them, unless a column has that name.
  package func selectors(_ words: [String]) -> [ColumnSelector] {
    let names = columns.compactMap(\.place.name)
    return words.flatMap { word in
      let parts = word.split(separator: ",").map { part in
        String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      return (names.contains(word) || parts.count < 2 ? [word] : parts).map(ColumnSelector.init)
    }
  }

  /// The place of the column that `selector` names.
  ///
  /// - Throws: `DatasetError`.
  fileprivate func index(of selector: ColumnSelector) throws(DatasetError) -> Int {
    switch selector {
    case .last: return columns.count - 1
    case .index(let index):
      if columns.indices.contains(index) { return index }
      throw .other(
        place: file,
        problem: "there is no column \(index); there are \(columns.count), counted from 0")
    case .name(let name):
      if let index = columns.firstIndex(where: { $0.place.name == name }) { return index }
      let names = columns.compactMap(\.place.name)
      let nearest = nearestWord(to: name, among: names).map { "; did you mean \(excerpt($0))?" }
      let shown = names.prefix(12).map { excerpt($0) }.joined(separator: ", ")
      let more = names.count > 12 ? " and \(names.count - 12) more" : ""
      throw .other(
        place: file,
        problem: "there is no column \(excerpt(name))"
          + (names.isEmpty
            ? "; the columns have no names, so count them from 0"
            : (nearest.map { $0 + " The" } ?? "; the") + " columns are \(shown)\(more)"))
    }
  }
}
