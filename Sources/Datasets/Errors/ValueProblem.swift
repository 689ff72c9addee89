extension DatasetError {
  /// Where a value stands in a file.
  package enum ValuePlace: Equatable, Sendable {
    /// In a text: the line as an editor counts it, from 1, and the column.
    case line(Int, DataColumn)
    /// In an array: its indices, from 0, as NumPy takes them.
    case element([Int])
  }

  /// What can be wrong with one value.
  package enum ValueProblem: Equatable, Sendable {
    /// An empty field, or a word for it such as `NA`.
    case missing(text: String, Missing)
    /// `firstRow`: the value stands in the first row, which was not taken for a header.
    case notNumeric(text: String, firstRow: Bool, SettingWords)
    /// NaN, an infinity or a number that Float32 cannot hold.
    case notFinite(text: String)
    /// A number that Float32 cannot hold, though it is scaled.
    case tooLarge(text: String)
    /// A text that is none of the levels that a model knows.
    case unknownLevel(text: String, levels: Int)
    /// Nothing, where `split` goes by what stands there.
    case noKey
  }

  /// What can be done about a missing value.
  package enum Missing: Equatable, Sendable {
    /// An input that is read for training.
    case input
    /// A target that is read for training.
    case target
    /// A text as the label of a row that is read for training, which may be a class.
    case label
    /// An input of a model that was trained without missing values there.
    case inputOfModel
    /// A target of rows that are measured.
    case measured
    /// A text of a column that had no missing value in training.
    case level
    /// A value of a first row that was not taken for a header.
    case firstRow(SettingWords)
  }
}

extension DatasetError.ValuePlace: CustomStringConvertible {
  /// `line 3, column "age"`, or `element [3, 4]`.
  package var description: String {
    switch self {
    case .line(let line, let column): "line \(line), \(column)"
    case .element(let indices): "element \(indices)"
    }
  }
}

extension DatasetError.ValueProblem: CustomStringConvertible {
  /// What is wrong and what to do, to follow the place of the value.
  package var description: String { "\(fact); \(advice)" }

  /// What is wrong.
  var fact: String {
    switch self {
    case .missing("", _): "the value is missing"
    case .missing(let text, _): "the value is missing (\(excerpt(text)))"
    case .notNumeric(let text, _, _): "\(excerpt(text)) is not a number"
    case .notFinite(let text): "\(excerpt(text)) is not a finite number"
    case .tooLarge(let text): "\(excerpt(text)) is too large for 32-bit numbers"
    case .unknownLevel(let text, let levels):
      "\(excerpt(text)) is none of the \(levels) levels that the model knows"
    case .noKey: "the key that split goes by is missing"
    }
  }

  /// What to do.
  var advice: String {
    switch self {
    case .missing(_, .input):
      "fill it in, remove the row, or write missing: drop, mean or median"
    case .missing(_, .target): "fill it in, remove the row, or write missing: drop"
    case .missing(_, .label):
      "fill it in, remove the row, or write missing: drop; if it is a class, write "
        + "missing: {error: {markers: []}}, so that the empty field alone is missing"
    case .missing(_, .inputOfModel):
      "fill it in or remove the row: the model was trained without missing values here, so it has "
        + "nothing to put there"
    case .missing(_, .level):
      "fill it in, remove the row, or write missing: drop: there was none in training, so it is no level "
        + "that the model knows"
    case .missing(_, .firstRow(let words)):
      "write \(words.header(true)) if the line holds names, or fill it in"
    case .missing(_, .measured): "fill it in or remove the row"
    case .notNumeric(_, firstRow: false, _): "correct it or remove the row"
    case .notNumeric(_, firstRow: true, let words):
      "correct it, or write \(words.header(true)) if the line holds names"
    case .notFinite: "correct it or remove the row"
    case .tooLarge: "correct it, scale the column, use another unit or remove the column"
    case .noKey: "fill it in, remove the row, or write missing: drop"
    case .unknownLevel:
      "correct it, remove the row, or train with categorical: {one_hot: {unknown: zeros}}"
    }
  }
}
