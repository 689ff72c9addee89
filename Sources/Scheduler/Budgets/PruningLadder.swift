/// At which sparsities each layer is pruned alone to see what that costs.
package struct PruningLadder: Sendable, Equatable {
  /// Shares of the weights that a layer has left, above 0, each larger than the one before.
  package let rungs: [Sparsity]

  /// The most rungs of a ladder.
  package static let mostRungs = 100

  /// Dense where little is left, because there errors rise steeply.
  package static let standard = PruningLadder(
    unchecked: [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99].map { Sparsity(unchecked: $0) })

  /// - Throws: `BudgetError.ladderOrder`.
  package init(_ rungs: [Sparsity]) throws(BudgetError) {
    guard let first = rungs.first, first > .zero, rungs.count <= Self.mostRungs,
      zip(rungs, rungs.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw .ladderOrder(rungs: rungs.count, limit: Self.mostRungs) }
    self.init(unchecked: rungs)
  }

  private init(unchecked rungs: [Sparsity]) {
    self.rungs = rungs
  }

  /// The counts at which a layer within `bounds` is measured: all that it has, each rung, and the
  /// least count; falling, each once.
  package func counts(within bounds: LayerBounds) -> [Int] {
    var counts = [bounds.most]
    for count in rungs.map({ $0.kept(of: bounds.most) }) + [bounds.least]
    where count < counts[counts.count - 1] && count >= bounds.least {
      counts.append(count)
    }
    return counts
  }
}
