/// One stated sparsity for each round.
///
/// The target is the last value; one given besides must be equal to it. The number of rounds is the
/// number of values, and one given besides must be equal to it.
package struct ListCurve: Sendable, Equatable {
  /// The sparsity after each round, never falling, at least one.
  package let values: [Sparsity]

  /// - Throws: `SparsityError.listEmpty`, `.listFalls`.
  package init(_ values: [Sparsity]) throws(SparsityError) {
    guard !values.isEmpty else { throw .listEmpty }
    for round in values.indices.dropFirst() where values[round] < values[round - 1] {
      throw .listFalls(round: round + 1, previous: values[round - 1], value: values[round])
    }
    self.values = values
  }

  package func sparsities(
    from start: Sparsity, to target: Sparsity?, rounds: Int?
  ) throws(SparsityError) -> [Sparsity] {
    try CurveEnds.check(rounds: rounds ?? values.count)
    if let rounds, rounds != values.count {
      throw .listLength(values: values.count, rounds: rounds)
    }
    let last = values[values.count - 1]
    if let target, target != last { throw .listMissesTarget(last: last, target: target) }
    guard last >= start else { throw .targetBelowStart(target: last, start: start) }
    guard values[0] >= start else { throw .listBelowStart(first: values[0], start: start) }
    return values
  }
}
