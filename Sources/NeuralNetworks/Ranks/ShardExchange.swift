import NumericCore

/// Brings rows from the ranks that have them to those that want them: all ranks ask for the same at a time.
struct ShardExchange {
  private let inputs: ShardedInputs
  private let collective: any Collective
  /// What was asked for last, by ranks, and of one rank in the order in which it was asked for.
  private var rows: Matrix
  /// Where in it each of those rows is.
  private var places: [Int32] = []

  /// - Parameter capacity: most rows at a time.
  init(_ inputs: ShardedInputs, capacity: Int, among collective: any Collective) {
    self.inputs = inputs
    self.collective = collective
    rows = Matrix(rows: capacity, columns: inputs.columns)
  }

  /// Calls `body` with a matrix that has the rows `wanted`, and with where in it they are, on every rank.
  mutating func withRows<Result>(
    _ wanted: ArraySlice<Int32>, _ body: (_ data: Matrix, _ rows: ArraySlice<Int32>) -> Result
  ) -> Result {
    exchange(wanted) { $0.gatherRows(of: &$1, bounds: $2) }
    return body(rows, places[...])
  }

  /// Gives rank 0 the rows `wanted`.
  mutating func collect(_ wanted: ArraySlice<Int32>) {
    exchange(wanted) { $0.collectRows(of: &$1, bounds: $2) }
  }

  /// The `count` rows that were asked for last, in that order, become rows of `target` from `first` on.
  func copy(_ count: Int, into target: inout Matrix, at first: Int) {
    for (index, place) in places[..<count].enumerated() {
      target.copyRows(1, of: rows, from: Int(place), to: first + index)
    }
  }

  private mutating func exchange(
    _ wanted: ArraySlice<Int32>, _ send: (any Collective, inout Matrix, _ bounds: [Int]) -> Void
  ) {
    let (ranges, rank) = (inputs.ranges, inputs.rank)
    let owners = wanted.map { ranges.owner(of: $0) }
    var bounds = [Int](repeating: 0, count: ranges.ranks + 1)
    for owner in owners { bounds[owner + 1] += 1 }
    for owner in 0..<ranges.ranks { bounds[owner + 1] += bounds[owner] }
    var next = bounds
    let first = ranges.rows(of: rank).lowerBound
    places.removeAll(keepingCapacity: true)
    for (row, owner) in zip(wanted, owners) {
      places.append(Int32(next[owner]))
      if owner == rank {
        rows.copyRows(1, of: inputs.own, from: Int(row) - first, to: next[owner])
      }
      next[owner] += 1
    }
    send(collective, &rows, bounds)
  }
}
