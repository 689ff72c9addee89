import NumericCore

/// Sums of some elements of a matrix, row by row, each in the order of its elements.
struct RowSums {
  let rows: Int
  let columns: Int

  /// One sum a row.
  ///
  /// - Parameter indices: of the elements, row-major and ascending.
  func sums(of matrix: Matrix, at indices: [Int]) -> [Double] {
    let starts = starts(in: indices)
    var sums = [Double](repeating: 0, count: rows)
    matrix.withSpan { matrix in
      for first in stride(from: 0, to: rows, by: 4) {
        let last = min(first + 4, rows)
        var done = 0
        // Four rows side by side, as far as all go: an addition waits for the one before it in its row.
        if last - first == 4 {
          let (a, b) = (starts[first], starts[first + 1])
          let (c, d) = (starts[first + 2], starts[first + 3])
          done = min(b - a, c - b, d - c, starts[last] - d)
          var (sumA, sumB, sumC, sumD) = (0.0, 0.0, 0.0, 0.0)
          for place in 0..<done {
            sumA += Double(matrix[indices[a + place]])
            sumB += Double(matrix[indices[b + place]])
            sumC += Double(matrix[indices[c + place]])
            sumD += Double(matrix[indices[d + place]])
          }
          sums.replaceSubrange(first..<last, with: [sumA, sumB, sumC, sumD])
        }
        for row in first..<last {
          for place in starts[row] + done..<starts[row + 1] {
            sums[row] += Double(matrix[indices[place]])
          }
        }
      }
    }
    return sums
  }

  /// Where the indices of each row begin, and where the last row's end.
  private func starts(in indices: [Int]) -> [Int] {
    var start = 0
    return (0...rows).map { row in
      // The first index that is not in a row before, by halves.
      var end = indices.count
      while start < end {
        let middle = (start + end) / 2
        if indices[middle] < row * columns { start = middle + 1 } else { end = middle }
      }
      return start
    }
  }
}
