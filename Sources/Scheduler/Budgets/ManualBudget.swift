/// A stated sparsity for each layer.
///
/// When the network keeps `statedTotal`, every layer is at its stated sparsity, rounded like any
/// other. With more to keep, as in earlier rounds, all densities are larger by one factor as far
/// as bounds allow. Less would go below what is stated and is an error.
package struct ManualBudget: BudgetPolicy {
  /// The sparsity of the layers that a pattern selects.
  package struct Rule: Sendable, Equatable {
    /// Which layers.
    package let pattern: LayerPattern
    /// How much of each of them is removed in the end.
    package let sparsity: Sparsity

    /// A stated sparsity.
    package init(_ pattern: LayerPattern, sparsity: Sparsity) {
      self.pattern = pattern
      self.sparsity = sparsity
    }

    /// A stated density, in (0, 1].
    ///
    /// - Throws: `BudgetError.densityOutOfRange`.
    package init(_ pattern: LayerPattern, density: Double) throws(BudgetError) {
      guard density > 0, density <= 1, let sparsity = try? Sparsity(1 - density) else {
        throw .densityOutOfRange(density)
      }
      self.init(pattern, sparsity: sparsity)
    }
  }

  /// Rules in order; where two select the same layer, the later one holds.
  package let rules: [Rule]

  package init(_ rules: [Rule]) {
    self.rules = rules
  }

  package var name: String { "manual" }

  package var basis: BudgetBasis { .shapes }

  /// Shares are in units of 10^-12 of a layer, so that decimals are exact.
  private static let shareUnit = 1e12

  /// How many weights the network keeps with every layer at its stated sparsity, within `limits`:
  /// the target that follows where the schedule names none.
  ///
  /// - Throws: `BudgetError.noSuchLayer`, `.layerNotStated`.
  package func statedTotal(
    of layers: [LayerProfile], limits: [LayerLimits]
  ) throws(BudgetError) -> Int {
    precondition(layers.count == limits.count, "one element of limits for each layer")
    let stated = try sparsities(of: layers)
    var total = 0
    for (index, layer) in layers.enumerated() {
      total += try Self.raise(limits[index].bounds(of: layer), of: layer, to: stated[index]).least
    }
    return total
  }

  /// - Throws: `BudgetError.noSuchLayer`, `.layerNotStated`, and `.tooFewKept` below the stated
  ///   total.
  package func keptCounts(_ demand: BudgetDemand) throws(BudgetError) -> [Int] {
    let stated = try sparsities(of: demand.layers)
    var next = stated.makeIterator()
    let raised = try demand.raisingLeast { (layer, bounds) throws(BudgetError) in
      try Self.raise(bounds, of: layer, to: next.next()!)
    }
    let shares = zip(raised.layers, stated).map { layer, sparsity in
      let density = 1 - (sparsity?.fraction ?? 0)
      return UInt128(max(1, (density * Self.shareUnit).rounded())) * UInt128(layer.weights)
    }
    return Apportionment.counts(shares: shares, bounds: raised.bounds, total: raised.kept)
  }

  /// The stated sparsity of each layer; nil where there is none.
  private func sparsities(of layers: [LayerProfile]) throws(BudgetError) -> [Sparsity?] {
    let names = layers.map(\.name)
    var stated: [Sparsity?] = Array(repeating: nil, count: names.count)
    for rule in rules {
      for index in try rule.pattern.indices(in: names) { stated[index] = rule.sparsity }
    }
    return stated
  }

  /// Bounds whose least count is the stated one where the limits admit it.
  private static func raise(
    _ bounds: LayerBounds, of layer: LayerProfile, to sparsity: Sparsity?
  ) throws(BudgetError) -> LayerBounds {
    guard let sparsity else {
      guard bounds.least == bounds.most else { throw .layerNotStated(layer: layer.name) }
      return bounds
    }
    let count = min(sparsity.kept(of: layer.weights), bounds.most)
    guard count > bounds.least else { return bounds }
    return LayerBounds(least: count, most: bounds.most, constraint: .stated(sparsity))
  }
}

extension BudgetPolicy where Self == ManualBudget {
  /// A stated sparsity for each layer.
  package static func manual(_ rules: [ManualBudget.Rule]) -> ManualBudget { ManualBudget(rules) }
}
