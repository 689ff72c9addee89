/// Improves a division of weights among layers by what it costs the whole network, layers together.
///
/// Errors of layers pruned alone do not add up: what one layer passes on wrongly meets weights that
/// are missing in the next, and errors that are large saturate. So every pass measures the curve of
/// each layer anew about the division there is, the other layers at their counts, and divides by
/// those curves within a factor of the counts. The new division stands if its own measured error is
/// less; otherwise the curves hold for a smaller neighbourhood only, and the factor becomes its
/// square root. The search ends at a factor at which a step is not worth measuring.
///
/// Curves only propose; what a division is judged by is measured for itself. So curves may be measured with less
/// effort, on fewer samples, and most measurements are theirs.
///
/// The result is never worse, as measured, than any of the divisions it starts from. It is least
/// among its neighbours, not among all divisions, which no number of measurements could say.
///
/// Source: a trust region (Conn, Gould, Toint, "Trust-region methods", 2000, Alg. 6.1.1) about a
/// separable model, here the sum of measured curves (Everett, 1963).
package struct DivisionRefinement: Sendable, Equatable {
  /// The factor between counts of one pass and the next that is tried first.
  static let widest = 4.0
  /// Below this factor the search ends.
  static let narrowest = 1.05
  /// The most passes, whatever they find.
  static let mostPasses = 20

  /// Weights to keep of each layer.
  package let counts: [Int]
  /// The error of the network with those counts.
  package let error: Double
  /// How often layers were measured anew.
  package let passes: Int

  /// Searches from the one of `starts` that has the least error.
  ///
  /// - Parameters:
  ///   - starts: at least one; each meets the demand.
  ///   - estimate: for the curves, an estimate of what `measure` gives; counts are within the demand's bounds, but
  ///     do not always sum to it.
  ///   - measure: the error of the network when its layers keep so many weights, finite and not
  ///     negative.
  /// - Throws: what they throw, `BudgetError.curveInvalid` for what they may not return.
  package init(
    of demand: BudgetDemand, from starts: [[Int]],
    estimate: ([Int]) throws(BudgetError) -> Double,
    measure: ([Int]) throws(BudgetError) -> Double
  ) throws(BudgetError) {
    try self.init(of: demand.layers, bounds: demand.bounds, from: starts) {
      (layers, bounds) throws(BudgetError) in
      try OptimalBudget.counts(
        BudgetDemand(keeping: demand.kept, of: layers, bounds: bounds))
    } estimate: { (counts) throws(BudgetError) in
      try estimate(counts)
    } measure: { (counts) throws(BudgetError) in
      try measure(counts)
    }
  }

  /// The same for whatever divisions `divide` admits.
  ///
  /// - Parameters:
  ///   - bounds: of each layer.
  ///   - divide: the division with the least sum of the layers' curves, within closer bounds that
  ///     admit one.
  package init(
    of layers: [LayerProfile], bounds: [LayerBounds], from starts: [[Int]],
    divide: ([LayerProfile], [LayerBounds]) throws(BudgetError) -> [Int],
    estimate: ([Int]) throws(BudgetError) -> Double,
    measure: ([Int]) throws(BudgetError) -> Double
  ) throws(BudgetError) {
    precondition(!starts.isEmpty, "a division to start from")
    var counts = starts[0]
    var error = try measure(counts)
    for (index, start) in starts.enumerated().dropFirst() where !starts[..<index].contains(start) {
      let other = try measure(start)
      if other < error { (counts, error) = (start, other) }
    }
    var (passes, factor) = (0, Self.widest)
    while error > 0, factor >= Self.narrowest, passes < Self.mostPasses {
      passes += 1
      let near = Neighbourhood(of: counts, layers, bounds, factor: factor)
      let curves = try near.curves(estimate)
      let next = try divide(near.layers(with: curves), near.bounds)
      let nextError = next == counts ? error : try measure(next)
      if nextError < error {
        (counts, error) = (next, nextError)
      } else {
        factor.formSquareRoot()
      }
    }
    self.counts = counts
    self.error = error
    self.passes = passes
  }
}

/// The divisions in which no count is more than a factor away from that of a given one.
private struct Neighbourhood {
  private let layers: [LayerProfile]
  private let centre: [Int]
  let bounds: [LayerBounds]
  private let factor: Double

  init(of counts: [Int], _ layers: [LayerProfile], _ limits: [LayerBounds], factor: Double) {
    self.layers = layers
    self.factor = factor
    centre = counts
    bounds = zip(counts, limits).map { count, own in
      // By one weight at least, or small layers could not move.
      let up = max(count + 1, Int((Double(count) * factor).rounded(.up)))
      let down = min(count - 1, Int((Double(count) / factor).rounded(.down)))
      return LayerBounds(
        least: max(own.least, down), most: min(own.most, up), constraint: own.constraint)
    }
  }

  /// The counts of layer `index` that are measured, falling, its own among them.
  private func ladder(_ index: Int) -> [Int] {
    let own = Double(centre[index])
    var counts = [bounds[index].least, centre[index], bounds[index].most]
    // Three on either side, at equal ratios, between its own and the neighbourhood's ends.
    let root = factor.squareRoot().squareRoot()
    for ratio in [root, root * root, root * root * root] {
      counts.append(Int((own * ratio).rounded()))
      counts.append(Int((own / ratio).rounded()))
    }
    let range = bounds[index].least...bounds[index].most
    counts = counts.map { min(range.upperBound, max(range.lowerBound, $0)) }.sorted(by: >)
    return counts.enumerated().filter { $0 == 0 || counts[$0 - 1] > $1 }.map(\.element)
  }

  /// What the network's error is with other counts of each layer.
  func curves(
    _ estimate: ([Int]) throws(BudgetError) -> Double
  ) throws(BudgetError) -> [ErrorCurve] {
    var curves: [ErrorCurve] = []
    for index in centre.indices {
      var points: [ErrorCurve.Point] = []
      for kept in ladder(index) {
        var counts = centre
        counts[index] = kept
        points.append(ErrorCurve.Point(kept: kept, error: try estimate(counts)))
      }
      curves.append(try ErrorCurve(measured: points))
    }
    return curves
  }

  /// The layers with at most as many weights as here, and with `curves`.
  func layers(with curves: [ErrorCurve]) throws(BudgetError) -> [LayerProfile] {
    var near: [LayerProfile] = []
    for (index, layer) in layers.enumerated() {
      near.append(try layer.with(remaining: bounds[index].most).with(curve: curves[index]))
    }
    return near
  }
}
