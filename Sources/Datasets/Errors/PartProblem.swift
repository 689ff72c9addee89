/// What a split divides.
package enum SplitUnit: String, Sendable {
  /// Single rows.
  case row
  /// Rows that belong together: those of one sample of a generator's parameters.
  case group = "parameter sample"

  /// The word for several.
  var plural: String { rawValue + "s" }
}

extension DatasetError {
  /// What can be wrong with the parts of the data, or with files that do not go together.
  package enum PartProblem: Equatable, Sendable {
    case sizeOutOfRange(DataPartName, PartSize, SplitUnit = .row)
    case empty(DataPartName, PartSize, rows: Int, SplitUnit = .row)
    case nothingForTraining(rows: Int, validation: Int, test: Int, SplitUnit = .row)
    case columnCountsDiffer(
      file: String, role: ArrayRole, columns: Int, training: String, expected: Int)
    case columnNamesDiffer(
      file: String, column: Int, name: String, training: String, expected: String)
    /// Values so far apart that scaling them overflows Float32.
    case rangeTooLarge(file: String, DataColumn)
    /// `file` has other columns than the network `model` takes or gives, `expected`.
    case notTheNetworks(
      file: String, role: ArrayRole, columns: Int, model: String, expected: Int)
    /// A scaling of targets that are classes.
    case scaledClasses
  }
}

extension DatasetError.PartProblem: CustomStringConvertible {
  /// Where, what, and what to do.
  package var description: String {
    switch self {
    case .sizeOutOfRange(let part, let size, let unit):
      "split: \(part.rawValue): \(size) is out of range; "
        + "give a fraction between 0 and 1, or a whole number of \(unit.plural)"
    case .empty(let part, let size, let rows, let unit):
      "split: \(part.rawValue): \(size) of \(rows) \(unit.plural) is none; give it a larger share"
    case .nothingForTraining(let rows, let validation, let test, let unit):
      "split: \(validation) \(unit.plural) for validation and \(test) for test leave none of "
        + "\(rows) for training; make them smaller"
    case .columnCountsDiffer(let file, let role, let columns, let training, let expected):
      "\(file): there are \(columns) columns of \(role.rawValue) where the training part "
        + "(\(training)) has \(expected); use files of the same layout"
    case .columnNamesDiffer(let file, let column, let name, let training, let expected):
      "\(file): input column \(column) is named \(excerpt(name)) where the training part "
        + "(\(training)) has \(excerpt(expected)); put the columns in the same order"
    case .rangeTooLarge(let file, let column):
      "\(file), \(column): the values spread too far to be scaled in 32 bits; "
        + "use another unit or remove the column"
    case .notTheNetworks(let file, let role, let columns, let model, let expected):
      "\(file): there are \(columns) columns of \(role.rawValue), and the network \(model) has "
        + "\(expected); use the data that it was made for"
    case .scaledClasses:
      "scale_targets: classes have no scale; remove it, or choose task: regression"
    }
  }
}
