import NeuralNetworks
import NumericCore
import Scheduler

/// The weights of one layer that go.
struct WeightSelection {
  /// Row-major indices, ascending.
  let weights: [Int]
  /// Nil where nothing goes.
  let largestImportance: Float?

  /// What goes from each of `layers` for `target`, given an importance for every weight.
  static func selections(
    by criterion: any PruningCriterion, _ importances: [Matrix], of layers: [DenseLayer],
    _ target: PruningTarget
  ) throws(PruningError) -> [WeightSelection] {
    let kept = layers.map(\.keptIndices)
    let scores = importances.indices.map { index in
      importances[index].withSpan { span in kept[index].map { span[$0] } }
    }
    if criterion.scope == .row, case .total(_, let policy, _) = target,
      !policy.fixesCountsInAdvance
    {
      throw .countsNotFixed(criterion: criterion.name, policy: policy.name)
    }
    do throws(BudgetError) {
      switch criterion.scope {
      case .network:
        let ranked = criterion.isSigned ? try ranks(of: scores, layers) : scores
        return try inNetwork(ranked, scores: scores, kept: kept, layers, target)
      case .row:
        return try inRows(scores, kept: kept, layers, target)
      }
    } catch {
      throw .budget(error)
    }
  }

  /// By one ranking, as far as the policy has one.
  private static func inNetwork(
    _ ranked: [[Float]], scores: [[Float]], kept: [[Int]], _ layers: [DenseLayer],
    _ target: PruningTarget
  ) throws(BudgetError) -> [WeightSelection] {
    let profiles = try profiles(layers, kept: kept, importances: ranked)
    var selections: [WeightSelection] = []
    for (index, count) in try target.keptCounts(of: profiles).enumerated() {
      let removed = try profiles[index].removedIndices(keeping: count)
      selections.append(
        WeightSelection(
          weights: removed.map { kept[index][$0] },
          largestImportance: removed.lazy.map { scores[index][$0] }.max()))
    }
    return selections
  }

  /// Row by row, each with an equal share of its layer's count.
  private static func inRows(
    _ scores: [[Float]], kept: [[Int]], _ layers: [DenseLayer], _ target: PruningTarget
  ) throws(BudgetError) -> [WeightSelection] {
    // Made with importances, so that what is not a number is refused.
    let profiles = try profiles(layers, kept: kept, importances: scores)
    let counts = try target.keptCounts(of: profiles)
    return layers.indices.map { index in
      let layer = layers[index]
      let rows = RowShares.rows(of: kept[index], inputs: layer.inputs, outputs: layer.outputs)
      let shares = RowShares.counts(sizes: rows.map(\.count), total: counts[index])
      var removed: [Int] = []
      for (row, share) in zip(rows, shares) {
        let order = row.sorted { (scores[index][$0], $0) < (scores[index][$1], $1) }
        removed += order.prefix(row.count - share)
      }
      removed.sort()
      return WeightSelection(
        weights: removed.map { kept[index][$0] },
        largestImportance: removed.lazy.map { scores[index][$0] }.max())
    }
  }

  private static func profiles(
    _ layers: [DenseLayer], kept: [[Int]], importances: [[Float]]
  ) throws(BudgetError) -> [LayerProfile] {
    var profiles: [LayerProfile] = []
    for (index, layer) in layers.enumerated() {
      profiles.append(
        try LayerProfile(
          name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
          remaining: kept[index].count, importances: importances[index]))
    }
    return profiles
  }

  /// The rank of every score in the network, equal scores having equal ranks, as numbers from 1 that are
  /// ordered like the ranks (neighbouring Floats, of which there are 2^30).
  private static func ranks(
    of scores: [[Float]], _ layers: [DenseLayer]
  ) throws(BudgetError) -> [[Float]] {
    for (layer, scores) in zip(layers, scores) {
      if let index = scores.firstIndex(where: { !$0.isFinite }) {
        throw .importanceInvalid(layer: layer.name, index: index, value: scores[index])
      }
    }
    let places = scores.indices.flatMap { layer in scores[layer].indices.map { (layer, $0) } }
    let order = places.sorted { scores[$0.0][$0.1] < scores[$1.0][$1.1] }
    var result = scores
    var rank: UInt32 = 0
    for (position, place) in order.enumerated() {
      if position > 0 {
        let last = order[position - 1]
        if scores[last.0][last.1] < scores[place.0][place.1] { rank += 1 }
      }
      result[place.0][place.1] = Float(bitPattern: Float(1).bitPattern + rank)
    }
    return result
  }
}

/// How a layer's count is shared among its rows.
enum RowShares {
  /// For each row, the positions in `kept` (ascending row-major indices) of its weights.
  static func rows(of kept: [Int], inputs: Int, outputs: Int) -> [[Int]] {
    var rows = [[Int]](repeating: [], count: outputs)
    for (position, index) in kept.enumerated() { rows[index / inputs].append(position) }
    return rows
  }

  /// Counts that sum to `total`, none above the row's size, as equal as that allows; where they cannot be
  /// equal, the first rows keep one more.
  static func counts(sizes: [Int], total: Int) -> [Int] {
    precondition(total >= 0 && total <= sizes.reduce(0, +), "no more than there is")
    // The largest level that the total fills: rows below it keep all they have.
    var (low, high) = (0, sizes.max() ?? 0)
    while low < high {
      let middle = (low + high + 1) / 2
      if filled(sizes, to: middle) <= total { low = middle } else { high = middle - 1 }
    }
    var rest = total - filled(sizes, to: low)
    return sizes.map { size in
      if size > low, rest > 0 {
        rest -= 1
        return low + 1
      }
      return min(size, low)
    }
  }

  /// What all rows keep where none keeps more than `level`.
  private static func filled(_ sizes: [Int], to level: Int) -> Int {
    sizes.reduce(0) { $0 + min($1, level) }
  }
}

extension DenseLayer {
  /// Row-major indices of the weights that are not pruned, ascending.
  fileprivate var keptIndices: [Int] { mask?.keptIndices ?? Array(0..<weights.count) }
}
