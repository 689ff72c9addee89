import Storage

extension DatasetError {
  /// What an array of a data set is for.
  package enum ArrayRole: String, Sendable {
    case inputs, targets, labels

    /// The shapes that it may have.
    fileprivate var shapes: String {
      switch self {
      case .inputs: "[rows, features]"
      case .targets: "[rows] or [rows, targets]"
      case .labels: "[rows], one class number for each"
      }
    }
  }

  /// What is wrong with a file of arrays.
  init(_ error: ArrayFileError) {
    self =
      switch error {
      case .otherFormat(let file, let format): .otherFormat(file, expected: format)
      case .malformed(let file, let format, let reason): .malformed(file, format, reason: reason)
      case .unsupported(let file, let format, let feature):
        .unsupported(file, format, feature: feature)
      case .tooLarge(let file, let bytes, let limit):
        .file(file, .tooLarge(bytes: bytes, limit: limit))
      case .compression(let file, let error): .file(file, .compression(error))
      }
  }

  /// What `read` reads, its error as one of data.
  static func reading<Value>(
    _ read: () throws(ArrayFileError) -> Value
  ) throws(DatasetError) -> Value {
    do throws(ArrayFileError) { return try read() } catch { throw DatasetError(error) }
  }

  /// `format` as all of these have it: IDX, NPY, NPZ.
  static func otherFormat(_ file: String, expected format: String) -> DatasetError {
    .at(file, "this is not an \(format) file; check the path")
  }

  /// A file that is not what was written; `reason` says where.
  package static func malformed(_ file: String, _ format: String, reason: String) -> DatasetError {
    .at(file, "the \(format) file is damaged (\(reason)); copy or download it again")
  }

  /// `feature` is something the format allows and this program does not read.
  package static func unsupported(_ file: String, _ format: String, feature: String) -> DatasetError
  {
    .at(
      file,
      "the \(format) file has \(feature), which is not supported; save it as plain numbers")
  }

  /// An array of a shape that its role does not allow.
  package static func unsuitableShape(_ file: String, _ shape: [Int], role: ArrayRole)
    -> DatasetError
  {
    .at(
      file,
      "an array of shape \(text(shape)) cannot be \(role.rawValue); save it as \(role.shapes)")
  }

  /// A shape as `60000 x 28 x 28`, `()` for a single number.
  static func text(_ shape: [Int]) -> String {
    shape.isEmpty
      ? "()"
      : shape.prefix(8).map(String.init).joined(separator: " x ") + (shape.count > 8 ? " …" : "")
  }
}
