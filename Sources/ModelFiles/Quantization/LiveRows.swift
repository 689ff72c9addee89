/// A matrix by rows without its zeros, for one sample at a time.
struct LiveRows<Value: Numeric & Sendable>: Sendable {
  let columns: Int
  /// Where each row begins in `places` and `values`, and where the last one ends.
  let starts: [Int]
  /// The columns.
  let places: [Int]
  let values: [Value]

  /// - Parameter weights: [rows, columns], row-major.
  init(_ weights: [Value], rows: Int, columns: Int) {
    var starts = [0]
    var places: [Int] = []
    var values: [Value] = []
    for row in 0..<rows {
      for column in 0..<columns where weights[row * columns + column] != 0 {
        places.append(column)
        values.append(weights[row * columns + column])
      }
      starts.append(places.count)
    }
    self.columns = columns
    (self.starts, self.places, self.values) = (starts, places, values)
  }

  var rows: Int { starts.count - 1 }
}
