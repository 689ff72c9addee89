/// Takes weights from all layers in the order of one score, each layer's scores never falling.
package enum LevelSearch {
  /// How many weights each layer loses when the first `count` of all go, in the order of (score,
  /// layer, position).
  ///
  /// Scores are finite and not negative, where numbers are ordered like their bit patterns, so 63
  /// halvings find the level exactly.
  ///
  /// - Parameter below: how many scores of a layer have bit patterns below the given one; all
  ///   layers together have at least `count` scores.
  package static func removals(
    _ count: Int, from layers: Int, below: (_ layer: Int, _ pattern: UInt64) -> Int
  ) -> [Int] {
    var low: UInt64 = 0
    var high = Double.greatestFiniteMagnitude.bitPattern
    while low < high {
      let middle = low + (high - low) / 2
      let reached = (0..<layers).reduce(0) { $0 + below($1, middle + 1) }
      if reached < count { low = middle + 1 } else { high = middle }
    }
    var removed = (0..<layers).map { below($0, low) }
    var ties = count - removed.reduce(0, +)
    for layer in 0..<layers {
      let tied = min(below(layer, low + 1) - removed[layer], ties)
      removed[layer] += tied
      ties -= tied
    }
    return removed
  }
}
