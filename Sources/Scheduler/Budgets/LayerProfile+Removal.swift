extension LayerProfile {
  /// Which of the remaining weights go when `kept` of them stay: the least important, and among
  /// equals those that come first.
  ///
  /// Given the counts of the policy `global`, all layers together lose what a ranking of the whole
  /// network by (importance, layer, row-major index) would take first, as far as bounds let it.
  ///
  /// - Returns: positions among the remaining weights, ascending.
  /// - Throws: `BudgetError.importancesMissing`, and `.layerCount` outside 0…`remaining`.
  package func removedIndices(keeping kept: Int) throws(BudgetError) -> [Int] {
    guard let importances else { throw .importancesMissing(layer: name) }
    guard kept >= 0, kept <= remaining else {
      throw .layerCount(layer: name, demanded: kept, remaining: remaining)
    }
    let count = remaining - kept
    let cut = RadixSelection.cut(after: count, of: importances)
    var removed: [Int] = []
    removed.reserveCapacity(count)
    var ties = cut.ties
    for (index, value) in importances.enumerated() {
      let key = value.rankingKey
      if key < cut.key {
        removed.append(index)
      } else if key == cut.key, ties > 0 {
        removed.append(index)
        ties -= 1
      }
    }
    return removed
  }
}
