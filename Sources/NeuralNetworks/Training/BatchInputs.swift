import NumericCore

/// Brings the inputs of one batch after the other where a chain can take them: those in memory are there
/// already, others are read into memory that is used again.
struct BatchInputs {
  private let source: SampleInputs
  private let pool: WorkerPool
  private var staged: Matrix
  private let places: [Int32]

  /// - Parameter capacity: most samples of a batch.
  init(_ source: SampleInputs, capacity: Int, pool: WorkerPool) {
    self.source = source
    self.pool = pool
    switch source {
    case .resident:
      staged = Matrix(rows: 0, columns: source.columns)
      places = []
    case .stored:
      staged = Matrix(rows: capacity, columns: source.columns)
      places = (0..<Int32(capacity)).map { $0 }
    }
  }

  /// Calls `body` with a matrix of samples, and with where in it those of `rows` are.
  mutating func withRows<Result>(
    _ rows: ArraySlice<Int32>, _ body: (_ data: Matrix, _ rows: ArraySlice<Int32>) -> Result
  ) -> Result {
    switch source {
    case .resident(let matrix): return body(matrix, rows)
    case .stored(let stored):
      stored.read(rows, into: &staged, at: 0, pool: pool)
      return body(staged, places[..<rows.count])
    }
  }
}
