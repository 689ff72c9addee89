/// What one call of the network may take, in place of a sparsity.
///
/// A weight takes another time in every layer, so how many weights stay follows from the division,
/// and that from what is measured; see `TimeDivision`.
package struct CallTime: Sendable, Equatable {
  /// Above 0.
  package let milliseconds: Double
  /// Samples of a call.
  package let batch: Int

  package init(milliseconds: Double, batch: Int = 1) {
    precondition(milliseconds > 0 && batch >= 1)
    self.milliseconds = milliseconds
    self.batch = batch
  }

  /// The limit for layers that take `times`.
  package func limit(_ times: [LayerTime]) -> TimeLimit {
    TimeLimit(times: times, nanoseconds: milliseconds * TimeLimit.nanosecondsPerMillisecond)
  }
}

/// What layers take, and what they may take together.
package struct TimeLimit: Sendable, Equatable {
  static let nanosecondsPerMillisecond = 1e6

  /// One element a layer.
  package let times: [LayerTime]
  /// Of one call of all layers.
  package let nanoseconds: Double

  package init(times: [LayerTime], nanoseconds: Double) {
    self.times = times
    self.nanoseconds = nanoseconds
  }

  /// What the layers take together with `counts` weights left.
  package func nanoseconds(keeping counts: [Int]) -> Double {
    zip(times, counts).reduce(0) { $0 + $1.0.nanoseconds(keeping: $1.1) }
  }

  /// Whether that is within the limit.
  func admits(_ counts: [Int]) -> Bool { nanoseconds(keeping: counts) <= nanoseconds }

  /// - Throws: `BudgetError.timeTooShort` where even the least counts take longer.
  func demandFeasible(
    of layers: [LayerProfile], bounds: [LayerBounds]
  ) throws(BudgetError) {
    let least = bounds.map(\.least)
    let needed = nanoseconds(keeping: least)
    if needed <= nanoseconds { return }
    let each = zip(times, least).map { $0.nanoseconds(keeping: $1) }
    let slowest = each.indices.max { each[$0] < each[$1] } ?? 0
    // Whole nanoseconds that are enough also when read back from a schedule.
    let unit = Self.nanosecondsPerMillisecond
    var feasible = needed.rounded(.up)
    while feasible / unit * unit < needed { feasible += 1 }
    throw .timeTooShort(
      milliseconds: nanoseconds / unit, kept: least.reduce(0, +), feasible: feasible / unit,
      layer: layers[slowest].name, share: each[slowest] / needed)
  }

  /// Divisions within the limit that a search for the best one begins with: that by curves of layers
  /// pruned alone, and of each policy that measures nothing the one that keeps most.
  ///
  /// - Throws: `BudgetError.timeTooShort`, `.curveMissing`, `.importancesMissing`.
  package func starts(
    of layers: [LayerProfile], bounds: [LayerBounds]
  ) throws(BudgetError) -> [[Int]] {
    var starts = [try TimeDivision(of: layers, bounds: bounds, within: self).counts]
    for policy in OptimalBudget.unmeasured {
      // Counts never rise where the total falls, so neither does the time.
      var counts = bounds.map(\.least)
      var (low, high) = (counts.reduce(0, +), bounds.reduce(0) { $0 + $1.most })
      while low < high {
        let middle = low + (high - low + 1) / 2
        let next = try policy.rule.counts(
          BudgetDemand(keeping: middle, of: layers, bounds: bounds))
        if admits(next) { (low, counts) = (middle, next) } else { high = middle - 1 }
      }
      starts.append(counts)
    }
    return starts
  }
}
