import NumericCore

/// The inputs of the rows of a data set: in memory, or where they are read when they are wanted.
package enum SampleInputs: Sendable {
  /// Sample-major [rows, features].
  case resident(Matrix)
  case stored(any StoredInputs)

  package var rows: Int {
    switch self {
    case .resident(let matrix): matrix.rows
    case .stored(let stored): stored.rows
    }
  }

  package var columns: Int {
    switch self {
    case .resident(let matrix): matrix.columns
    case .stored(let stored): stored.columns
    }
  }
}

/// Rows of inputs that lie outside the memory of the process. They are what a matrix of them would hold, bit by
/// bit, so that nothing computed from them depends on where they lie.
///
/// Reading goes on in the middle of numeric work, which cannot throw. So what fails is remembered: rows that
/// could not be read hold anything finite, and whoever keeps what was computed asks for `failure` first.
package protocol StoredInputs: Sendable {
  var rows: Int { get }
  /// Features of a row.
  var columns: Int { get }
  /// What went wrong first; nil where all rows were read so far.
  var failure: (any Error)? { get }

  /// Writes the rows `indices`, in any order, to the rows of `target` [rows, columns] from `first` on.
  func read(
    _ indices: ArraySlice<Int32>, into target: inout Matrix, at first: Int, pool: WorkerPool)
}
