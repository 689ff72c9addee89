import Scheduler

/// What can be said of the weights left in each layer before anything is measured.
///
/// A policy of fixed counts leaves exact ones. A policy that ranks importances leaves ranges, from
/// which later stages still follow as far as their own limits are concerned.
struct LayerForecast {
  /// The layers with all their weights.
  private let shapes: [LayerProfile]
  /// How many weights each layer may have left.
  private(set) var ranges: [ClosedRange<Int>]
  /// Weights left in each layer; nil once a policy has decided on importances.
  private(set) var counts: [Int]?
  /// Weights left in all layers together, which is always known.
  private var total: Int
  /// Whether layers may have fewer units than their shapes say, and so fewer weights than stages leave.
  private(set) var isShrunk = false
  /// Of the last pruning: the weights that its limits may demand, where these are more than it leaves and
  /// stages before decide it.
  private(set) var doubt: Int?

  /// Layers of which so many weights are left; without `remaining`, all of them.
  init(_ shapes: [LayerProfile], remaining: [Int]? = nil) {
    self.shapes = shapes
    let counts = remaining ?? shapes.map(\.weights)
    ranges = counts.map { $0...$0 }
    self.counts = counts
    total = counts.reduce(0, +)
  }

  /// Follows a stage that leaves `total` weights, with one element of `limits` a layer. What whole units
  /// leave of each is not known in advance: it depends on what the partly removed one has left.
  ///
  /// - Throws: `BudgetError` for a total that the limits make impossible, whatever is measured.
  mutating func prune(
    to total: Int, by budget: Budget, limits: [LayerLimits]
  ) throws(BudgetError) {
    doubt = nil
    if isShrunk {
      // Limits and policies go by shapes that are known when it runs.
      ranges = ranges.map { 0...min($0.upperBound, total) }
    } else {
      try follow(to: total, budget, limits)
    }
    self.total = total
  }

  /// Follows a stage that brings weights back, of layers that have lost units: up to all of them.
  mutating func release() {
    precondition(isShrunk, "weights grow back where units were left out")
    doubt = nil
    ranges = shapes.map { 0...$0.weights }
    total = shapes.reduce(0) { $0 + $1.weights }
  }

  /// Follows a stage that leaves out units.
  mutating func shrink() {
    (counts, doubt, isShrunk) = (nil, nil, true)
    ranges = ranges.map { 0...$0.upperBound }
  }

  private mutating func follow(
    to total: Int, _ budget: Budget, _ limits: [LayerLimits]
  ) throws(BudgetError) {
    if let known = counts {
      let layers = try profiles(known)
      let demand = try BudgetDemand(keeping: total, of: layers, limits: limits)
      counts =
        switch budget.granularity {
        case .weight, .groups:
          budget.rule.basis == .shapes ? try budget.keptCounts(demand) : nil
        case .unit:
          total == known.reduce(0, +)
            ? known : try Self.unitCounts(of: layers, leaving: total, budget, limits)
        }
    }
    if let counts {
      ranges = counts.map { $0...$0 }
      return
    }
    let fewest = try profiles(ranges.map(\.lowerBound))
    let most = try profiles(ranges.map(\.upperBound))
    if let pattern = budget.granularity.pattern {
      return try follow(to: total, budget, of: pattern, limits)
    }
    let least = zip(fewest, limits).map { $1.bounds(of: $0).least }
    let (leastSum, mostSum) = (least.reduce(0, +), most.reduce(0) { $0 + $1.remaining })
    // The demand on the fewest weights that may be left states what stands in the way.
    if total < leastSum { _ = try BudgetDemand(keeping: total, of: fewest, limits: limits) }
    let sure = zip(most, limits).reduce(0) { $0 + $1.1.bounds(of: $1.0).least }
    if total < sure { doubt = sure }
    ranges = zip(least, most.map(\.remaining)).map { least, most in
      let lower = max(least, total - (mostSum - most))
      return lower...max(lower, min(most, total - (leastSum - least)))
    }
  }

  /// Follows a stage that finds out itself what total it leaves, with one element of `limits` a layer.
  ///
  /// - Returns: the fewest weights that the limits admit, whatever is measured.
  mutating func leaveOpen(limits: [LayerLimits]) throws(BudgetError) -> Int {
    let least = zip(try profiles(ranges.map(\.lowerBound)), limits).map { $1.bounds(of: $0).least }
    // A layer that is below its limit keeps what it has: of that, the most is sure to be enough.
    let sure = zip(try profiles(ranges.map(\.upperBound)), limits).map { $1.bounds(of: $0).least }
    counts = nil
    ranges = zip(least, ranges).map { $0...max($0, $1.upperBound) }
    return sure.reduce(0, +)
  }

  /// Follows a stage of groups behind one that decided on importances: what is pruned now was kept then.
  private mutating func follow(
    to total: Int, _ budget: Budget, of pattern: GroupPattern, _ limits: [LayerLimits]
  ) throws(BudgetError) {
    let stated = try statedTotal(budget, limits: limits)
    guard stated == total else {
      throw .groupTotal(
        pattern: pattern, demanded: total, stated: stated ?? total,
        total: shapes.reduce(0) { $0 + $1.weights })
    }
    for (index, shape) in shapes.enumerated() where !limits[index].keep {
      ranges[index] = pattern.count(of: shape)...pattern.count(of: shape)
    }
  }

  /// What is known of layers that lose whole units: nothing, but that stated ones stay.
  ///
  /// - Throws: `BudgetError.tooFewKept` for fewer weights than these come to.
  private static func unitCounts(
    of layers: [LayerProfile], leaving total: Int, _ budget: Budget, _ limits: [LayerLimits]
  ) throws(BudgetError) -> [Int]? {
    if layers.allSatisfy({ $0.remaining == $0.weights }),
      let stated = try budget.statedTotal(of: layers, limits: limits), total < stated
    {
      throw .tooFewKept(
        demanded: total, feasible: stated, total: layers.reduce(0) { $0 + $1.weights },
        binding: nil)
    }
    return nil
  }

  /// The total that `budget` leaves by itself; nil where it depends on what earlier stages
  /// will measure.
  ///
  /// - Throws: `BudgetError` as the budget does.
  func statedTotal(_ budget: Budget, limits: [LayerLimits]) throws(BudgetError) -> Int? {
    let fewest = try budget.statedTotal(
      of: profiles(ranges.map(\.lowerBound)), limits: limits)
    if budget.granularity.pattern != nil {
      // What is kept whole sums to a known number, whatever its layers have left.
      return fewest.map { $0 + total - ranges.reduce(0) { $0 + $1.lowerBound } }
    }
    let most = try budget.statedTotal(of: profiles(ranges.map(\.upperBound)), limits: limits)
    return fewest == most ? most : nil
  }

  private func profiles(_ remaining: [Int]) throws(BudgetError) -> [LayerProfile] {
    var profiles: [LayerProfile] = []
    for (shape, count) in zip(shapes, remaining) {
      profiles.append(try shape.with(remaining: count))
    }
    return profiles
  }
}
