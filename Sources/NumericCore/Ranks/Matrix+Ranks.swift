extension Matrix {
  /// `count` rows of `source`, which has as many columns, from `from` on become those from `to` on.
  package mutating func copyRows(_ count: Int, of source: Matrix, from: Int, to: Int) {
    precondition(
      source.columns == columns && count >= 0 && from >= 0 && to >= 0
        && from + count <= source.rows && to + count <= rows, "rows of the two")
    let columns = columns
    withMutableElements { elements in
      source.withElements { values in
        guard let target = elements.baseAddress, let values = values.baseAddress else { return }
        (target + to * columns).update(from: values + from * columns, count: count * columns)
      }
    }
  }
}

/// Matrices of which ranks have some rows each.
extension Collective {
  /// Completes the first rows of `matrix` on every rank.
  ///
  /// - Parameter bounds: the first row of each rank, and behind it the number of all.
  package func gatherRows(of matrix: inout Matrix, bounds: [Int]) {
    withSpan(of: &matrix, bounds) { gather([$0]) }
  }

  /// Completes the first rows of `matrix` on rank 0.
  ///
  /// - Parameter bounds: likewise.
  package func collectRows(of matrix: inout Matrix, bounds: [Int]) {
    withSpan(of: &matrix, bounds) { collect([$0]) }
  }

  /// The first `count` rows of `matrix` become those of rank 0.
  package func broadcastRows(_ count: Int, of matrix: inout Matrix) {
    precondition(count <= matrix.rows, "rows of the matrix")
    let floats = count * matrix.columns
    matrix.withMutableElements {
      broadcast(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: $0[..<floats])))
    }
  }

  private func withSpan(
    of matrix: inout Matrix, _ bounds: [Int], _ body: (SharedSpan) -> Void
  ) {
    precondition(bounds.last ?? 0 <= matrix.rows, "rows of the matrix")
    let columns = matrix.columns
    matrix.withMutableElements {
      guard let start = $0.baseAddress else { return }
      body(SharedSpan(start, bounds: bounds.map { $0 * columns }))
    }
  }
}
