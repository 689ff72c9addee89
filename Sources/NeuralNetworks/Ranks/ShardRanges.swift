/// Which rows of a matrix each rank of a job has: a contiguous range, as long as that of any other by a row.
struct ShardRanges: Sendable, Equatable {
  let rows: Int
  let columns: Int
  let ranks: Int

  /// Bytes that are sent at a time.
  private static let bytes = 4 << 20

  /// The rows of rank `rank`.
  func rows(of rank: Int) -> Range<Int> { rows * rank / ranks..<rows * (rank + 1) / ranks }

  /// The rank that has `row`: the last that begins at it or before it.
  func owner(of row: Int32) -> Int { ((Int(row) + 1) * ranks - 1) / rows }

  /// Bytes of rows that a rank has in memory besides its own, at most, where that is not a step's.
  private static let mostBytes = 64 << 20

  /// Whether a rank can have so many rows beside its own.
  func hasRoom(for rows: Int) -> Bool { rows * columns <= Self.mostBytes / 4 }

  /// Rows that are sent at a time, at least one.
  var piece: Int { max(1, min(rows, Self.bytes / (4 * max(1, columns)))) }
}
