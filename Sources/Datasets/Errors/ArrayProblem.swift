extension DatasetError {
  /// Formats that hold arrays of numbers.
  package enum ArrayFormat: String, Sendable {
    case idx = "IDX"
    case npy = "NPY"
    case npz = "NPZ"
  }

  /// What an array of a data set is for.
  package enum ArrayRole: String, Sendable {
    case inputs, targets, labels
  }

  /// What can be wrong with a file that holds arrays.
  package enum ArrayProblem: Equatable, Sendable {
    case otherFormat(expected: ArrayFormat)
    case malformed(ArrayFormat, reason: String)
    /// `feature` is something the format allows and this program does not read.
    case unsupported(ArrayFormat, feature: String)
    /// The header promises `shape` elements of `elementBytes`, and `held` bytes follow it.
    case sizeMismatch(ArrayFormat, shape: [Int], elementBytes: Int, held: Int)
    case unsuitableShape([Int], role: ArrayRole)
    /// This file has `targets` rows for the `inputs` rows in the file of that name.
    case rowCountsDiffer(targets: Int, inputs: Int, inputsFile: String)
    /// No entry of that name; without a name: none of the usual ones, and several to choose from.
    case entryNotFound(name: String?, entries: [String])
  }
}

extension DatasetError.ArrayProblem: CustomStringConvertible {
  /// What is wrong and what to do, to follow the file's name.
  package var description: String {
    switch self {
    case .otherFormat(let format):
      "this is not an \(format.rawValue) file; check the path"
    case .malformed(let format, let reason):
      "the \(format.rawValue) file is damaged (\(reason)); copy or download it again"
    case .unsupported(let format, let feature):
      "the \(format.rawValue) file has \(feature), which is not supported; "
        + "save it as plain numbers"
    case .sizeMismatch(let format, let shape, let elementBytes, let held):
      "the \(format.rawValue) header promises \(Self.text(shape)) elements of \(elementBytes) "
        + "\(elementBytes == 1 ? "byte" : "bytes"), and \(held) bytes follow it; "
        + "copy or download the file again"
    case .unsuitableShape(let shape, let role):
      "an array of shape \(Self.text(shape)) cannot be \(role.rawValue); "
        + "save it as \(Self.wanted(role))"
    case .rowCountsDiffer(let targets, let inputs, let inputsFile):
      "there are \(targets) rows for the \(inputs) rows of inputs in \(inputsFile); "
        + "check that the files belong together"
    case .entryNotFound(_, let entries) where entries.isEmpty:
      "the archive is empty; check the path"
    case .entryNotFound(let name, let entries):
      (name.map { "there is no entry \(excerpt($0))" } ?? "it is not clear which entry to read")
        + "; choose \(Self.list(entries)) as FILE.npz:ENTRY"
    }
  }

  /// A shape as `60000 x 28 x 28`, `()` for a single number.
  private static func text(_ shape: [Int]) -> String {
    shape.isEmpty
      ? "()"
      : shape.prefix(8).map(String.init).joined(separator: " x ") + (shape.count > 8 ? " …" : "")
  }

  private static func wanted(_ role: DatasetError.ArrayRole) -> String {
    switch role {
    case .inputs: "[rows, features]"
    case .targets: "[rows] or [rows, targets]"
    case .labels: "[rows], one class number for each"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).map(excerpt).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }
}
