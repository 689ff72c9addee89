import NumericCore

/// Brings the inputs of a training's steps where its chain can take them. Stored ones are read for many steps
/// at once, in the order in which they lie, so that neighbours are read together. Where ranks share the steps and
/// have the inputs between them, all of them are given those of each step.
struct ReadAhead {
  private let source: SampleInputs
  private var exchange: ShardExchange?
  private let pool: WorkerPool
  /// What is in memory at once; nil where nothing has to be read.
  let window: ReadWindow?
  /// Empty until something is read.
  private var staged: Matrix
  private let places: [Int32]
  /// The positions in the epoch's order whose samples are staged, from the first row on.
  private var present = 0..<0

  /// - Parameters:
  ///   - batch: most samples of a step.
  ///   - ranks: share the steps; nil for this process alone.
  init(_ samples: SampleSet, batch: Int, pool: WorkerPool, among ranks: (any Collective)?) {
    source = samples.source
    self.pool = pool
    if let ranks, let sharded = samples.sharded {
      exchange = ShardExchange(sharded, capacity: batch, among: ranks)
    }
    window = exchange == nil ? samples.window(batch: batch) : nil
    staged = Matrix(rows: 0, columns: source.columns)
    places = (0..<Int32(window?.samples ?? 0)).map { $0 }
  }

  /// Forgets what is staged: another order holds from now on.
  mutating func startEpoch() { present = 0..<0 }

  /// Calls `body` with a matrix of samples, and with where in it those at `positions` of `order` are.
  mutating func withRows<Result>(
    _ positions: Range<Int>, of order: ArraySlice<Int32>,
    _ body: (_ data: Matrix, _ rows: ArraySlice<Int32>) -> Result
  ) -> Result {
    if let result = exchange?.withRows(order[positions], body) { return result }
    switch source {
    case .resident(let matrix): return body(matrix, order[positions])
    case .stored(let stored):
      guard let window else { preconditionFailure("what is stored has a window") }
      if staged.rows == 0 { staged = Matrix(rows: window.samples, columns: source.columns) }
      stage(positions, of: order, from: stored, chunk: window.read)
      let first = positions.lowerBound - present.lowerBound
      return body(staged, places[first..<(first + positions.count)])
    }
  }

  /// - Parameter chunk: samples that are read at once.
  private mutating func stage(
    _ positions: Range<Int>, of order: ArraySlice<Int32>, from stored: any StoredInputs, chunk: Int
  ) {
    if present.upperBound >= positions.upperBound, present.lowerBound <= positions.lowerBound {
      return
    }
    if present.contains(positions.lowerBound) {
      // Fewer than a step's: those behind them are not there yet.
      let (start, count) = (positions.lowerBound - present.lowerBound, staged.columns)
      let left = present.upperBound - positions.lowerBound
      staged.withMutableSpan { span in
        for i in 0..<(left * count) { span[i] = span[start * count + i] }
      }
      present = positions.lowerBound..<present.upperBound
    } else {
      present = positions.lowerBound..<positions.lowerBound
    }
    while present.upperBound < positions.upperBound {
      let end = min(order.endIndex, (present.upperBound / chunk + 1) * chunk)
      stored.read(
        order[present.upperBound..<end], into: &staged, at: present.count, pool: pool)
      present = present.lowerBound..<end
    }
  }
}
