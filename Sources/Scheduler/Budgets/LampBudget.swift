/// One threshold on importances that are normalised within their layer.
///
/// A layer's weights are sorted by (importance, row-major index). The score of each is its
/// importance divided by the sum of its own and all that follow:
///
///     score(u) = W[u]² / Σ_{v ≥ u} W[v]²
///
/// The largest weight of every layer scores 1, so no layer collapses while others still have
/// weights to lose. Scores rank weights within a layer as importances do; across layers the order
/// is (score, layer, index). Where everything is 0 a score is 0.
///
/// Departs from the source in what stands for W²: any importance that is quadratic in the weight,
/// as squared magnitude and elimination-compensation are. Importances that are linear in it, as
/// magnitude is, are squared first.
///
/// Source: Lee, Park, Mo, Ahn, Shin, "Layer-adaptive sparsity for the magnitude-based pruning",
/// 2021, Sec. 3.
enum LampBudget {
  /// A unit's key is what it is worth over what it and all better ones of its layer are worth together.
  static let rule = BudgetRule(
    basis: .importances, counts: counts,
    units: UnitRule(keys: { scores(ofAscending: $0.scores, $0.degree) }, counts: counts))

  /// - Throws: `BudgetError.importancesMissing`.
  static func counts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    var candidates: [ArraySlice<Double>] = []
    for (layer, bounds) in zip(demand.layers, demand.bounds) {
      guard let importances = layer.importances else {
        throw .importancesMissing(layer: layer.name)
      }
      candidates.append(scores(of: importances, demand.degree).prefix(bounds.most - bounds.least))
    }
    let count = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    let removed = LevelSearch.removals(count, from: candidates.count) { layer, pattern in
      Self.count(below: pattern, in: candidates[layer])
    }
    return zip(demand.bounds, removed).map { $0.most - $1 }
  }

  /// The scores of one layer, ascending.
  ///
  /// They cannot fall: as importances rise and rest sums fall, rounded quotients rise or stay.
  private static func scores(of importances: [Float], _ degree: ImportanceDegree) -> [Double] {
    let keys = RadixSort.sorted(importances.map(\.rankingKey))
    return scores(ofAscending: keys.map { Double(Float(bitPattern: $0)) }, degree)
  }

  /// The scores of importances that ascend.
  private static func scores(
    ofAscending importances: [Double], _ degree: ImportanceDegree
  ) -> [Double] {
    var scores = importances
    var rest = 0.0
    for index in scores.indices.reversed() {
      var value = importances[index]
      if degree == .linear { value *= value }
      rest += value
      scores[index] = value == 0 ? 0 : value / rest
    }
    return scores
  }

  /// How many of the ascending `scores` have bit patterns below `pattern`.
  private static func count(below pattern: UInt64, in scores: ArraySlice<Double>) -> Int {
    var (low, high) = (scores.startIndex, scores.endIndex)
    while low < high {
      let middle = low + (high - low) / 2
      if scores[middle].bitPattern < pattern { low = middle + 1 } else { high = middle }
    }
    return low - scores.startIndex
  }
}

/// How an importance grows with the weight it belongs to.
package enum ImportanceDegree: Sendable {
  /// Like |w|: squared where squares are wanted.
  case linear
  /// Like w².
  case quadratic
}
