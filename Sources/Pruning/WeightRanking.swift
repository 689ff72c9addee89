import Engine
import NeuralNetworks
import NumericCore
import Scheduler

/// The weights of one layer that go.
struct WeightSelection {
  /// Row-major indices, ascending.
  let weights: [Int]
  /// Nil where nothing goes.
  let largestImportance: Float?
}

/// The weights of a network in the order in which a criterion lets them go.
struct WeightRanking {
  /// The layers as the scheduler knows them.
  let profiles: [LayerProfile]
  private let scope: RankingScope
  /// Which weights of a group stay in a layer that loses some; nil where groups do not matter.
  private let pattern: GroupPattern?
  /// Row-major indices of the weights that are not pruned, ascending, of each layer.
  private let kept: [[Int]]
  /// The importances of those.
  private let scores: [[Float]]

  /// Ranks the weights of `layers`, given an importance for every weight.
  ///
  /// - Parameter pattern: the groups of which a policy keeps some weights each.
  /// - Throws: `BudgetError.importanceInvalid`.
  init(
    by criterion: any PruningCriterion, _ importances: [Matrix], of layers: [DenseLayer],
    pattern: GroupPattern? = nil
  ) throws(BudgetError) {
    let kept = layers.map(\.keptIndices)
    let scores = importances.indices.map { index in
      importances[index].withSpan { span in kept[index].map { span[$0] } }
    }
    let ranked =
      criterion.isSigned && criterion.scope == .network
      ? try Self.ranks(of: scores, layers) : scores
    var profiles: [LayerProfile] = []
    for (index, layer) in layers.enumerated() {
      // Made with importances in any case, so that what is not a number is refused.
      profiles.append(
        try LayerProfile(
          name: layer.name, outputs: layer.outputs, inputs: layer.inputs,
          remaining: kept[index].count, importances: ranked[index]))
    }
    self.profiles = profiles
    self.kept = kept
    self.scores = scores
    scope = criterion.scope
    self.pattern = pattern
  }

  /// What goes from each layer when so many weights of each stay.
  ///
  /// - Throws: `BudgetError.layerCount` for more than there are.
  func selections(keeping counts: [Int]) throws(BudgetError) -> [WeightSelection] {
    var selections: [WeightSelection] = []
    for (index, count) in counts.enumerated() {
      selections.append(try selection(from: index, keeping: count))
    }
    return selections
  }

  /// What goes from layer `index` when `count` weights of it stay: by one ranking of the layer, row by
  /// row, each with an equal share of the count, or group by group.
  ///
  /// - Throws: `BudgetError.layerCount` for more than there are.
  func selection(from index: Int, keeping count: Int) throws(BudgetError) -> WeightSelection {
    let profile = profiles[index]
    let removed: [Int]
    if let pattern, count < profile.remaining {
      removed = GroupSelection.removed(
        pattern, inputs: profile.inputs, outputs: profile.outputs, importances: scores[index])
    } else {
      removed =
        switch scope {
        case .network: try profile.removedIndices(keeping: count)
        case .row: removedByRow(from: index, keeping: count)
        }
    }
    return WeightSelection(
      weights: removed.map { kept[index][$0] },
      largestImportance: removed.lazy.map { scores[index][$0] }.max())
  }

  /// The layers' weights in their order, for many selections from the same layer; nil where these do not go by
  /// one ranking of it.
  var orders: [RemovalOrder?] {
    profiles.map { pattern == nil && scope == .network ? RemovalOrder($0) : nil }
  }

  /// The weights of `selection(from:keeping:)`, by the order that is known of the layer.
  ///
  /// - Throws: `BudgetError.layerCount` for more than there are.
  func weights(
    from index: Int, keeping count: Int, by order: RemovalOrder?
  ) throws(BudgetError) -> [Int] {
    guard let order else { return try selection(from: index, keeping: count).weights }
    return try order.removed(keeping: count, of: kept[index], layer: profiles[index].name)
  }

  private func removedByRow(from index: Int, keeping count: Int) -> [Int] {
    let profile = profiles[index]
    let scores = scores[index]
    let rows = RowShares.rows(
      of: kept[index], inputs: profile.inputs, outputs: profile.outputs)
    let shares = RowShares.counts(sizes: rows.map(\.count), total: count)
    var removed: [Int] = []
    for (row, share) in zip(rows, shares) {
      let order = row.sorted { (scores[$0], $0) < (scores[$1], $1) }
      removed += order.prefix(row.count - share)
    }
    return removed.sorted()
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

extension DenseLayer {
  /// Row-major indices of the weights that are not pruned, ascending.
  fileprivate var keptIndices: [Int] { mask?.keptIndices ?? Array(0..<weights.count) }
}
