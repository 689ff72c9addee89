/// One importance threshold for the whole network.
///
/// Weights go in the order of (importance, layer, row-major index), passing over those of a layer
/// that is at its least count. The last weights of that order in each layer, as many as its
/// least count, are therefore safe; the others of all layers are ranked together.
enum GlobalBudget {
  /// Units go by what they are worth: one threshold for all.
  static let rule = BudgetRule(
    basis: .importances, counts: counts, units: UnitRule(keys: { $0.scores }, counts: counts))

  /// - Throws: `BudgetError.importancesMissing`.
  static func counts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    var candidates: [Candidates] = []
    for (layer, bounds) in zip(demand.layers, demand.bounds) {
      guard let importances = layer.importances else {
        throw .importancesMissing(layer: layer.name)
      }
      candidates.append(Candidates(importances, removable: bounds.most - bounds.least))
    }
    let count = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    let cut = RadixSelection.cut(after: count) { pass, bins in
      for layer in candidates { layer.tally(pass, into: &bins) }
    }
    var ties = cut.ties
    return zip(demand.bounds, candidates).map { bounds, layer in
      let (below, equal) = layer.count(around: cut.key)
      let tied = min(equal, ties)
      ties -= tied
      return bounds.most - below - tied
    }
  }

  /// The weights of one layer that may go: all on the lower side of a cut of its own.
  private struct Candidates {
    let importances: [Float]
    let safe: RankingCut

    init(_ importances: [Float], removable: Int) {
      self.importances = importances
      safe = RadixSelection.cut(after: removable, of: importances)
    }

    /// Adds the candidates' keys to a histogram.
    func tally(_ pass: RadixSelection.Pass, into bins: inout [Int]) {
      for value in importances {
        let key = value.rankingKey
        if key < safe.key, pass.admits(key) { bins[pass.bin(key)] += 1 }
      }
      if safe.ties > 0, pass.admits(safe.key) { bins[pass.bin(safe.key)] += safe.ties }
    }

    /// How many candidates are below `key`, and how many equal to it.
    func count(around key: UInt32) -> (below: Int, equal: Int) {
      var (below, equal) = (0, 0)
      let limit = min(key, safe.key)
      for value in importances {
        if value.rankingKey < limit { below += 1 }
        if value.rankingKey == key { equal += 1 }
      }
      if key > safe.key { return (below + safe.ties, 0) }
      return (below, key == safe.key ? safe.ties : equal)
    }
  }
}
