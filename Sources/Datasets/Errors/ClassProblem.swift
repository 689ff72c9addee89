extension DatasetError {
  /// What can be wrong with the classes of a file.
  package enum ClassProblem: Equatable, Sendable {
    case labelOutOfRange(row: Int, text: String)
    /// Text where other labels are numbers.
    case mixedLabels(row: Int, text: String)
    /// A label that the part for training (of file `training`, where known) does not have.
    case unseenLabel(row: Int, label: String, training: String?)
    case oneClass(label: String)
    case tooManyClasses(limit: Int)
    case severalLabelColumns(count: Int)
  }
}

extension DatasetError.ClassProblem: CustomStringConvertible {
  /// Where in the file, what is wrong and what to do, to follow the file's name.
  package var description: String {
    switch self {
    case .labelOutOfRange(let row, let text):
      ", row \(row): the label \(excerpt(text)) is out of range; numeric classes are whole numbers "
        + "from 0 to \(ClassTable.largestNumber) (for other numbers choose task: regression)"
    case .mixedLabels(let row, let text):
      ", row \(row): the label \(excerpt(text)) is text where others are numbers; "
        + "correct it, or write all labels as text"
    case .unseenLabel(let row, let label, let training):
      ", row \(row): the label \(excerpt(label)) does not occur in the training part"
        + (training.map { " (\($0))" } ?? "") + "; correct it or train on such samples as well"
    case .oneClass(let label):
      ": every row has the label \(excerpt(label)), and classification needs two classes; "
        + "check which column holds the labels"
    case .tooManyClasses(let limit):
      ": there are more than \(limit) different labels; check which column holds the labels "
        + "(for numbers choose task: regression)"
    case .severalLabelColumns(let count):
      ": \(count) label columns are selected, and classification takes one; "
        + "select one, or choose task: regression"
    }
  }
}
