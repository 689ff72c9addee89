import NeuralNetworks
import NumericCore

/// What float32 leaves of the distinct values of a column.
struct ColumnPrecision {
  /// Distinct values among the rows looked at; roundings of float64 tell no two values apart.
  private(set) var distinct = 0
  /// How many of them float32 tells apart.
  private(set) var kept = 0
  /// Largest difference of two values that become one.
  private var widest = 0.0
  private let range: Double

  /// Rows looked at times columns, at most; they lie evenly in the data.
  private static let numbers = 1 << 22
  /// Columns whose values are taken from the matrix together: those of one line of a processor's cache.
  private static let block = 8
  /// Numbers that are taken together where so few rows have so many columns: of a file, all rows are read for each
  /// block.
  private static let gathered = 1 << 19
  /// Values that become one may be this part of the column's range apart.
  private static let tolerance = 1e-3

  /// - Parameter column: the values as read, in any order, at least one.
  init(_ column: [Double], shift: Double, scale: Double) {
    let values = column.sorted()
    func rounded(_ value: Double) -> Float { Float((value - shift) * scale) }
    range = values[values.count - 1] - values[0]
    var (start, last, lastRounded) = (values[0], values[0], rounded(values[0]))
    (distinct, kept) = (1, 1)
    for value in values.dropFirst() where value - last > 4 * max(abs(value), abs(last)).ulp {
      distinct += 1
      let own = rounded(value)
      if own == lastRounded {
        widest = max(widest, value - start)
      } else {
        kept += 1
        (start, lastRounded) = (value, own)
      }
      last = value
    }
  }

  /// Whether what float32 loses matters: half of the distinct values, or differences that are no small
  /// part of the column's range. Numbers without end, such as measurements, always lose their last
  /// digits, and single ones coincide.
  var isTooCoarse: Bool { 2 * kept <= distinct || widest > Self.tolerance * range }

  /// A sentence for each column of `matrix`, as read, that float32 holds too coarsely even when it is
  /// scaled.
  /// - Parameters:
  ///   - role: what a column is called that has no name.
  ///   - key: the setting that scales such columns.
  static func notes(
    _ matrix: DataMatrix, _ scaling: AffineScaling?, file: String, names: [String?]?, role: String,
    key: String, pool: WorkerPool
  ) -> [String] {
    if scaling == nil, matrix.isNarrow { return [] }
    let columns = matrix.columns
    let rows = max(1, min(matrix.rows, numbers / max(columns, 1)))
    let places = (0..<min(rows, matrix.rows)).map { $0 * matrix.rows / rows }
    let block = max(Self.block, gathered / max(1, places.count))
    func notes(_ columns: Range<Int>) -> [String] {
      let values = matrix.elements(ofRows: places, columns: columns)
      return columns.compactMap { column in
        let start = (column - columns.lowerBound) * places.count
        return note(column, values[start..<(start + places.count)])
      }
    }
    func note(_ column: Int, _ own: ArraySlice<Double>) -> String? {
      let (shift, scale) = (scaling?.shift[column] ?? 0, scaling?.scale[column] ?? 1)
      // Telling values apart takes a tenth of the time that sorting them does.
      guard ValueCount(own, shift: shift, scale: scale).mayBeCoarse(tolerance) else { return nil }
      let precision = ColumnPrecision(Array(own), shift: shift, scale: scale)
      guard precision.isTooCoarse, precision.kept < precision.distinct else { return nil }
      let name = names?[column].map { "column \(excerpt($0))" } ?? "\(role) \(column)"
      return "\(file), \(name): of \(precision.distinct) distinct values, float32 tells "
        + "\(precision.kept) apart; "
        + (scaling == nil
          ? "scale them (\(key): standard), or subtract a constant"
          : "some values lie far from all others; correct or remove those rows")
    }
    return pool.mapKeepingSubnormals(tasks: (columns + block - 1) / block) { task in
      notes((task * block)..<min(columns, (task + 1) * block))
    }.flatMap(\.self)
  }
}
