import Storage

extension DatasetError {
  /// Where a label stands in its file.
  package enum LabelPlace: Equatable, Sendable {
    /// The line of a text, as an editor counts it, and the column.
    case line(Int, DataColumn)
    /// The index in an array.
    case element(Int)
  }

  /// What can be wrong with the classes of a file.
  package enum ClassProblem: Equatable, Sendable {
    /// A number that is no class.
    case notWhole(LabelPlace, text: String)
    /// Text where other labels are numbers; `firstRow`: in the first row, which was not taken for a
    /// header.
    case mixedLabels(LabelPlace, text: String, firstRow: Bool, SettingWords)
    /// A label that the part for training (of file `training`, where known) does not have; `alike` is a class
    /// that only reads like it.
    case unseenLabel(LabelPlace, label: String, training: String?, alike: String?)
    /// In a column of a table, where there is one.
    case oneClass(DataColumn?, label: String)
    /// Likewise.
    case tooManyClasses(DataColumn?, limit: Int)
    case severalLabelColumns(count: Int)
  }
}

extension DatasetError.LabelPlace {
  /// The line; nil in an array.
  var line: Int? { if case .line(let line, _) = self { line } else { nil } }
}

extension DatasetError.LabelPlace: CustomStringConvertible {
  /// `line 3, column "kind"`, or `element [3]`.
  package var description: String {
    switch self {
    case .line(let line, let column): "line \(line), \(column)"
    case .element(let index): "element [\(index)]"
    }
  }
}

extension DatasetError.ClassProblem: CustomStringConvertible {
  /// Where in the file, what is wrong and what to do, to follow the file's name.
  package var description: String {
    switch self {
    case .notWhole(let place, let text):
      ", \(place): the label \(excerpt(text)) is not a whole number; classes are whole numbers or text "
        + "(for other numbers choose task: regression)"
    case .mixedLabels(let place, let text, firstRow: false, _):
      ", \(place): the label \(excerpt(text)) is text where others are numbers; correct it, or write "
        + "all labels as text"
    case .mixedLabels(let place, let text, firstRow: true, let words):
      ", \(place): the label \(excerpt(text)) is text where others are numbers; correct it, or write "
        + "\(words.header(true)) if the line holds names"
    case .unseenLabel(let place, let label, let training, let alike):
      ", \(place): the label \(excerpt(label)) does not occur in the training part"
        + (training.map { " (\($0))" } ?? "")
        + (alike.map {
          ", where a class reads like it (\"\($0.showingScalars)\", here \"\(label.showingScalars)\")"
        } ?? "") + "; correct it or train on such samples as well"
    case .oneClass(let column, let label):
      "\(Self.place(column)): every row has the label \(excerpt(label)), and classification needs two classes; "
        + "check which column holds the labels"
    case .tooManyClasses(let column, let limit):
      "\(Self.place(column)): there are more than \(limit) different labels; check which column holds the labels "
        + "(for numbers choose task: regression)"
    case .severalLabelColumns(let count):
      ": \(count) label columns are selected, and classification takes one; "
        + "select one, or choose task: regression"
    }
  }

  private static func place(_ column: DataColumn?) -> String { column.map { ", \($0)" } ?? "" }
}
