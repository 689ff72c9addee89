extension DatasetError {
  /// What can be wrong with the parts of the data, or with files that do not go together.
  package enum PartProblem: Equatable, Sendable {
    case sizeOutOfRange(DataPartName, PartSize)
    case empty(DataPartName, PartSize, rows: Int)
    case nothingForTraining(rows: Int, validation: Int, test: Int)
    case columnCountsDiffer(
      file: String, role: ArrayRole, columns: Int, training: String, expected: Int)
    case columnNamesDiffer(
      file: String, column: Int, name: String, training: String, expected: String)
    /// Values so far apart that scaling them overflows Float32.
    case rangeTooLarge(file: String, DataColumn)
    /// A scaling of targets that are classes.
    case scaledClasses
  }
}

extension DatasetError.PartProblem: CustomStringConvertible {
  /// Where, what, and what to do.
  package var description: String {
    switch self {
    case .sizeOutOfRange(let part, let size):
      "split: \(part.rawValue): \(size) is out of range; "
        + "give a fraction between 0 and 1, or a whole number of rows"
    case .empty(let part, let size, let rows):
      "split: \(part.rawValue): \(size) of \(rows) rows is none; give it a larger share"
    case .nothingForTraining(let rows, let validation, let test):
      "split: \(validation) rows for validation and \(test) for test leave none of \(rows) for "
        + "training; make them smaller"
    case .columnCountsDiffer(let file, let role, let columns, let training, let expected):
      "\(file): there are \(columns) columns of \(role.rawValue) where the training part "
        + "(\(training)) has \(expected); use files of the same layout"
    case .columnNamesDiffer(let file, let column, let name, let training, let expected):
      "\(file): input column \(column) is named \(excerpt(name)) where the training part "
        + "(\(training)) has \(excerpt(expected)); put the columns in the same order"
    case .rangeTooLarge(let file, let column):
      "\(file), \(column): the values spread too far to be scaled in 32 bits; "
        + "use another unit or remove the column"
    case .scaledClasses:
      "scale_targets: classes have no scale; remove it, or choose task: regression"
    }
  }
}
