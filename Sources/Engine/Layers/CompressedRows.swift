import NumericCore

/// Where the survivors of a pruned matrix are: row by row, columns ascending. Their values lie in a
/// list of their own in the same order.
package struct CompressedRows: Sendable, Equatable {
  package let rows: Int
  package let columns: Int
  /// Row i has the survivors starts[i]..<starts[i + 1]; [rows + 1].
  package let starts: [Int32]
  /// The column of each survivor.
  package let indices: [Int32]

  /// The survivors of packed mask bits: row-major, 64 a word, lowest bit first. The matrix has fewer
  /// than 2³¹ elements.
  package init(rows: Int, columns: Int, words: [UInt64]) {
    precondition(rows >= 0 && columns >= 0 && rows * columns <= Int(Int32.max))
    precondition(words.count == (rows * columns + 63) / 64, "a bit for every weight")
    self.rows = rows
    self.columns = columns
    var starts: [Int32] = [0]
    var indices: [Int32] = []
    starts.reserveCapacity(rows + 1)
    indices.reserveCapacity(words.reduce(0) { $0 + $1.nonzeroBitCount })
    var rowEnd = columns
    for (position, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        let index = position << 6 + rest.trailingZeroBitCount
        rest &= rest - 1
        while index >= rowEnd {
          starts.append(Int32(indices.count))
          rowEnd += columns
        }
        indices.append(Int32(index - (rowEnd - columns)))
      }
    }
    while starts.count <= rows { starts.append(Int32(indices.count)) }
    self.starts = starts
    self.indices = indices
  }

  /// Number of survivors.
  package var count: Int { indices.count }

  /// The rows, those with the most survivors first.
  var rowsBySurvivors: [Int32] {
    let counts = (0..<rows).map { starts[$0 + 1] - starts[$0] }
    // The row's number makes the order the same whatever the sort does with equals.
    return (0..<Int32(rows)).sorted { (counts[Int($1)], $0) < (counts[Int($0)], $1) }
  }

  /// The same survivors column by column, rows ascending: the transposed matrix, and for each of its
  /// survivors the place of its value in the list by rows.
  package var transposed: (matrix: CompressedRows, sources: [Int32]) {
    var starts = [Int32](repeating: 0, count: columns + 1)
    for column in indices { starts[Int(column) + 1] += 1 }
    for column in 0..<columns { starts[column + 1] += starts[column] }
    var next = starts
    var rowIndices = [Int32](repeating: 0, count: count)
    var sources = rowIndices
    for row in 0..<rows {
      for place in self.starts[row]..<self.starts[row + 1] {
        let column = Int(indices[Int(place)])
        rowIndices[Int(next[column])] = Int32(row)
        sources[Int(next[column])] = place
        next[column] += 1
      }
    }
    let matrix = CompressedRows(
      rows: columns, columns: rows, starts: starts, indices: rowIndices)
    return (matrix, sources)
  }

  private init(rows: Int, columns: Int, starts: [Int32], indices: [Int32]) {
    self.rows = rows
    self.columns = columns
    self.starts = starts
    self.indices = indices
  }

  /// Copies the survivors of some rows of `matrix` [rows, columns] to their places in `values`.
  func gather(_ some: Range<Int>, of matrix: Matrix, into values: UnsafeMutablePointer<Float>) {
    precondition(matrix.rows == rows && matrix.columns == columns)
    matrix.withElements { elements in
      for row in some {
        for place in Int(starts[row])..<Int(starts[row + 1]) {
          values[place] = elements[row * columns + Int(indices[place])]
        }
      }
    }
  }

  /// The matrix with `values` at the survivors and 0 elsewhere.
  func scatter(_ values: UnsafePointer<Float>) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    matrix.withMutableElements { elements in
      for row in 0..<rows {
        for place in Int(starts[row])..<Int(starts[row + 1]) {
          elements[row * columns + Int(indices[place])] = values[place]
        }
      }
    }
    return matrix
  }
}
