import NumericCore

/// Inputs of which each rank of a job has some rows in memory: together they have all.
///
/// Rank 0 reads them as it reads a file, anywhere where it does not tell the others to do something together:
/// whoever has a row sends it. So it reads with a pool that is joined to the other ranks, on its own thread.
struct ShardedInputs: StoredInputs {
  /// Which of those that the ranks have these are.
  let number: Int
  let ranges: ShardRanges
  /// Those of this rank.
  let own: Matrix
  let rank: Int

  var rows: Int { ranges.rows }
  var columns: Int { ranges.columns }
  /// They are in memory.
  var failure: (any Error)? { nil }

  /// Takes this rank's rows of what rank 0 hands out; every rank calls this with the same.
  ///
  /// - Parameter read: reads rows, in their order, to the beginning of a matrix; on rank 0 alone.
  init(
    number: Int, rows: Int, columns: Int, among collective: any Collective,
    read: ((_ rows: [Int32], _ piece: inout Matrix) -> Void)? = nil
  ) {
    let ranges = ShardRanges(rows: rows, columns: columns, ranks: collective.size)
    let wanted = ranges.rows(of: collective.rank)
    var own = Matrix(rows: wanted.count, columns: columns)
    var piece = Matrix(rows: ranges.piece, columns: columns)
    for start in stride(from: 0, to: rows, by: ranges.piece) {
      let present = start..<min(rows, start + ranges.piece)
      read?(present.map { Int32($0) }, &piece)
      collective.broadcastRows(present.count, of: &piece)
      let kept = present.clamped(to: wanted)
      if kept.isEmpty { continue }
      own.copyRows(
        kept.count, of: piece, from: kept.lowerBound - start,
        to: kept.lowerBound - wanted.lowerBound)
    }
    (self.number, self.ranges, self.own, rank) = (number, ranges, own, collective.rank)
  }

  func read(
    _ indices: ArraySlice<Int32>, into target: inout Matrix, at first: Int, pool: WorkerPool
  ) {
    guard let group = pool.ranks else {
      preconditionFailure("rows of other ranks are asked for on the thread that gives orders")
    }
    var exchange = ShardExchange(
      self, capacity: min(ranges.piece, indices.count), among: group.collective)
    var place = first
    var left = indices
    while !left.isEmpty {
      let piece = left.prefix(ranges.piece)
      group.give(.fetch(shard: number, rows: piece))
      exchange.collect(piece)
      exchange.copy(piece.count, into: &target, at: place)
      place += piece.count
      left = left.dropFirst(piece.count)
    }
  }
}

extension RankGroup {
  /// Hands the rows of `stored` out, so that each rank has some of them in memory.
  ///
  /// - Parameter pool: reads them.
  /// - Returns: what reads them from the ranks. Worth nothing where `stored` has a failure by then.
  package func shard(_ stored: any StoredInputs, pool: WorkerPool) -> any StoredInputs {
    let number = nextShard()
    give(.shard(rows: stored.rows, columns: stored.columns))
    return ShardedInputs(
      number: number, rows: stored.rows, columns: stored.columns, among: collective
    ) { rows, piece in
      stored.read(rows[...], into: &piece, at: 0, pool: pool)
    }
  }
}

extension SampleSet {
  /// The inputs, where the ranks of a job have them between them.
  var sharded: ShardedInputs? {
    if case .stored(let stored) = source { stored as? ShardedInputs } else { nil }
  }

  /// Whether the ranks of a job have the inputs, or can be sent them.
  var reachesRanks: Bool { isResident || sharded != nil }

  /// All rows of inputs that the ranks of a job have between them.
  init(sharded: ShardedInputs, targets: Targets) {
    self.init(.stored(sharded), targets: targets, indices: (0..<Int32(sharded.rows)).map { $0 })
  }
}
