import NumericCore

/// What blocks of samples have left in memory, on its way from rank to rank.
///
/// A class, because it owns memory that is filled anew for every chunk of samples.
final class ChunkExchange {
  /// Values sample behind sample.
  struct Row {
    let start: UnsafeMutablePointer<Float>
    /// Floats of a sample.
    let width: Int
  }

  private let shares: PassShares
  private let rows: [Row]
  /// Floats of a sample in the rows before each.
  private let places: [Int]
  /// Floats of a sample in all rows.
  private let width: Int
  private let memory = ChainMemory()
  private let space: UnsafeMutablePointer<Float>

  /// Rows that one task copies.
  private static let taskRows = 64

  /// - Parameter samples: of a chunk, with padding.
  init(_ rows: [Row], samples: Int, shares: PassShares) {
    self.rows = rows
    self.shares = shares
    var (places, width) = ([Int](), 0)
    for row in rows {
      places.append(width)
      width += row.width
    }
    (self.places, self.width) = (places, width)
    space = memory.zeros(width * samples)
  }

  /// Gives every rank the values of the samples that others have carried.
  ///
  /// - Parameter columns: the first sample of each rank, and behind it the number of all.
  func gather(_ columns: [Int], pool: WorkerPool) {
    let collective = shares.collective
    copy(columns, of: collective.rank, packs: true, pool)
    collective.gather([SharedSpan(space, bounds: columns.map { $0 * width })])
    for rank in 0..<collective.size where rank != collective.rank {
      copy(columns, of: rank, packs: false, pool)
    }
  }

  private func copy(_ columns: [Int], of rank: Int, packs: Bool, _ pool: WorkerPool) {
    let (first, count) = (columns[rank], columns[rank + 1] - columns[rank])
    if count == 0 { return }
    let packed = space + first * width
    pool.run(tasks: (rows.count + Self.taskRows - 1) / Self.taskRows) { task, _ in
      for index in task * Self.taskRows..<min(rows.count, (task + 1) * Self.taskRows) {
        let values = rows[index].start + first * rows[index].width
        let place = packed + places[index] * count
        let floats = rows[index].width * count
        if packs {
          place.update(from: values, count: floats)
        } else {
          values.update(from: place, count: floats)
        }
      }
    }
  }
}

extension StatisticsStrips.Values {
  /// The strips, as ranks give them to one another.
  var exchanged: [ChunkExchange.Row] {
    (0..<stripCount).map {
      ChunkExchange.Row(start: start + $0 * distance, width: strip($0).width)
    }
  }
}
