import NeuralNetworks
import NumericCore
import Synchronization

/// Rows that are handed out when they are asked for, and what was asked for.
final class CountedInputs: StoredInputs {
  private let matrix: Matrix
  /// Rows of each reading.
  let readings = Mutex<[Int]>([])

  init(_ matrix: Matrix) { self.matrix = matrix }

  var rows: Int { matrix.rows }
  var columns: Int { matrix.columns }
  var failure: (any Error)? { nil }

  func read(
    _ indices: ArraySlice<Int32>, into target: inout Matrix, at first: Int, pool: WorkerPool
  ) {
    readings.withLock { $0.append(indices.count) }
    for (place, row) in indices.enumerated() {
      for column in 0..<columns { target[first + place, column] = matrix[Int(row), column] }
    }
  }
}
