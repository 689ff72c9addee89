import Storage

extension DatasetError {
  /// What can be wrong with a file as a whole.
  package enum FileProblem: Equatable, Sendable {
    case missing
    /// A folder, pipe or device.
    case notRegular
    /// A pipe, where the data are read more than once.
    case readAgain
    /// `reason` is the operating system's word for it.
    case unreadable(reason: String)
    case changedWhileReading
    case tooLarge(bytes: Int, limit: Int)
    case compression(CompressionError)
    /// The machine does not take the file of numbers that a table is converted to, of so many bytes at most.
    case unwritten(StoreError, bytes: Int?)
    case noRows
    case noInputColumns
  }
}

extension DatasetError.FileProblem: CustomStringConvertible {
  /// What is wrong and what to do, to follow the file's name.
  package var description: String {
    switch self {
    case .missing:
      "there is no such file; check the path (in a schedule it is relative to its folder)"
    case .notRegular:
      "this is not a regular file; name the data file itself"
    case .readAgain:
      "this is a pipe, which gives its data only once, and a run reads them again (for their digest, and "
        + "when it goes on); write them to a file first"
    case .unreadable(let reason):
      "the file cannot be read (\(reason)); check its permissions and the disk"
    case .changedWhileReading:
      "the file changed while it was read; run again when it is complete"
    case .tooLarge(let bytes, let limit):
      "the file has \(bytes) bytes, and \(limit) are allowed; use a smaller file"
    case .compression(let error):
      error.description
    case .unwritten(let error, let bytes):
      "the table cannot be converted to a file of numbers here (\(error.reason))"
        + (bytes.map { ", which takes \($0) bytes" } ?? "")
        + "; make room, or choose another folder with --checkpoints"
    case .noRows:
      "there are no rows of data; check that it is the right file"
    case .noInputColumns:
      "there is no input column; a row needs at least one beside the labels"
    }
  }
}
