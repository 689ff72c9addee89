import Engine
import NeuralNetworks
import NumericCore
import Scheduler

/// Which weights go when whole hidden units go: the row that feeds a unit and the column that it feeds.
///
/// A unit is worth the sum of the importances of its outgoing weights, or what is left to lose when the layer
/// above is refitted without it and those that went before (`UnitElimination`), over the number of weights that
/// its going saves when the step begins. Units go whole as long as the demanded count
/// allows. The few weights that are then left to go are those of the next unit, outgoing ones before
/// incoming ones, the least important first, so that the count is exact; the next step ranks that unit
/// anew. A unit whose going would take more from its layer, or from the one above, than the limits let
/// go is passed over, so no layer loses its last unit. Where no unit can go any more the rule divides
/// the rest as single weights.
///
/// Inputs and outputs of the network are no units.
struct UnitRemoval {
  /// What goes from each layer.
  let selections: [WeightSelection]
  /// Units that go whole, layer by layer, ascending; those of the last layer never do.
  let units: [[Int]]

  /// - Parameters:
  ///   - eliminations: of each layer but the last what its units cost; nil for the sum of importances.
  ///   - kept: weights that the network keeps.
  /// - Throws: `BudgetError` for a demand that limits do not admit, or importances that cannot be ranked.
  init(
    by criterion: any PruningCriterion, _ importances: [Matrix], of layers: [DenseLayer],
    eliminations: [UnitElimination?], keeping kept: Int, rule: UnitRule, limits: [LayerLimits]
  ) throws(BudgetError) {
    // Made in any case, so that importances that are not numbers are refused.
    let ranking = try WeightRanking(by: criterion, importances, of: layers)
    let demand = try BudgetDemand(
      keeping: kept, of: ranking.profiles, limits: limits, degree: criterion.degree)
    var walk = UnitWalk(importances, layers, demand)
    for place in rule.order(of: walk.profiles(eliminations)) where walk.rest > 0 {
      walk.take(place)
    }
    var removed = walk.removed
    if walk.rest > 0 {
      var thinned = layers
      for (index, weights) in removed.enumerated() { thinned[index].remove(weights) }
      let single = try WeightRanking(by: criterion, importances, of: thinned)
      let counts = try rule.counts(
        BudgetDemand(
          keeping: kept, of: single.profiles, limits: limits, degree: criterion.degree))
      for (index, selection) in try single.selections(keeping: counts).enumerated() {
        removed[index] += selection.weights
      }
    }
    selections = removed.enumerated().map { index, weights in
      importances[index].withSpan { importances in
        WeightSelection(
          weights: weights.sorted(), largestImportance: weights.map { importances[$0] }.max())
      }
    }
    units = walk.units.map { $0.sorted() }
  }
}

/// Takes units away one after the other.
private struct UnitWalk {
  private let importances: [Matrix]
  private let bounds: [LayerBounds]
  private let degree: ImportanceDegree
  /// Which weights are still there.
  private var masks: [Mask]
  /// Weights that still have to go.
  private(set) var rest: Int
  /// Row-major indices, layer by layer.
  private(set) var removed: [[Int]]
  /// Units that are gone whole, layer by layer.
  private(set) var units: [[Int]]

  init(_ importances: [Matrix], _ layers: [DenseLayer], _ demand: BudgetDemand) {
    self.importances = importances
    bounds = demand.bounds
    degree = demand.degree
    masks = layers.map { $0.keepingMask }
    rest = demand.bounds.reduce(0) { $0 + $1.most } - demand.kept
    removed = Array(repeating: [], count: layers.count)
    units = removed
  }

  /// The units of each layer but the last with what they are worth.
  func profiles(_ eliminations: [UnitElimination?]) -> [UnitProfile] {
    (0..<(masks.count - 1)).map { layer in
      let (rows, columns) = (masks[layer], masks[layer + 1])
      var saved = [Int](repeating: 0, count: rows.rows)
      for index in rows.keptIndices { saved[index / rows.columns] += 1 }
      for index in columns.keptIndices { saved[index % columns.columns] += 1 }
      let (inputs, stated) = (rows.columns, bounds[layer].stated)
      if var elimination = eliminations[layer] {
        let least = saved.lazy.filter { $0 > 0 }.min() ?? 1
        let removals = elimination.removals(saving: saved, exact: rest / least + 1)
        return UnitProfile(
          inputs: inputs, width: rows.rows, ordered: removals.map { ($0.unit, $0.cost) },
          degree: degree, stated: stated)
      }
      var sums = [Double](repeating: 0, count: rows.rows)
      importances[layer + 1].withSpan { importances in
        for index in columns.keptIndices {
          sums[index % columns.columns] += Double(importances[index])
        }
      }
      return UnitProfile(
        inputs: inputs, scores: zip(sums, saved).map { $1 > 0 ? $0 / Double($1) : nil },
        degree: degree, stated: stated)
    }
  }

  /// Takes the unit at `place` if limits let it go: whole, or of its weights as many as still have to go.
  mutating func take(_ place: UnitPlace) {
    let (lower, upper) = (place.layer, place.layer + 1)
    let incoming = row(place.unit, of: lower)
    let outgoing = column(place.unit, of: upper)
    guard masks[lower].keptCount - incoming.count >= bounds[lower].least,
      masks[upper].keptCount - outgoing.count >= bounds[upper].least
    else { return }
    if incoming.count + outgoing.count <= rest {
      units[lower].append(place.unit)
      remove(outgoing[...], from: upper)
      remove(incoming[...], from: lower)
    } else {
      remove(ranked(outgoing, of: upper).prefix(rest), from: upper)
      remove(ranked(incoming, of: lower).prefix(rest), from: lower)
    }
  }

  private mutating func remove(_ weights: ArraySlice<Int>, from layer: Int) {
    for weight in weights { masks[layer].remove(weight) }
    removed[layer] += weights
    rest -= weights.count
  }

  /// The least important first; of equal ones the lower index.
  private func ranked(_ weights: [Int], of layer: Int) -> [Int] {
    importances[layer].withSpan { importances in
      weights.sorted { (importances[$0], $0) < (importances[$1], $1) }
    }
  }

  private func row(_ unit: Int, of layer: Int) -> [Int] {
    let mask = masks[layer]
    return (unit * mask.columns..<(unit + 1) * mask.columns).filter { mask[$0] }
  }

  private func column(_ unit: Int, of layer: Int) -> [Int] {
    let mask = masks[layer]
    return stride(from: unit, to: mask.count, by: mask.columns).filter { mask[$0] }
  }
}
