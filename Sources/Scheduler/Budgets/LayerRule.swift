/// Limits for the layers that a pattern selects; what a rule leaves nil stays as it was.
package struct LayerRule: Sendable, Equatable {
  /// Which layers.
  package let pattern: LayerPattern
  /// Whether they are kept as they are.
  package let keep: Bool?
  /// Their least density, in [0, 1].
  package let minimumDensity: Double?
  /// Their largest sparsity.
  package let maximumSparsity: Sparsity?
  /// The share of them, or of their units, that stays in the end, which the policy `manual` goes by.
  package let density: Double?
  /// What that density removes.
  let stated: Sparsity?

  /// - Throws: `BudgetError.densityOutOfRange` for a least density outside [0, 1], or a stated one outside
  ///   (0, 1].
  package init(
    _ pattern: LayerPattern, keep: Bool? = nil, minimumDensity: Double? = nil,
    maximumSparsity: Sparsity? = nil, density: Double? = nil
  ) throws(BudgetError) {
    if let density = minimumDensity, !(density >= 0 && density <= 1) {
      throw .densityOutOfRange(density)
    }
    stated = try density.map { (density) throws(BudgetError) in
      guard density > 0, density <= 1, let sparsity = try? Sparsity(1 - density) else {
        throw .densityOutOfRange(density)
      }
      return sparsity
    }
    self.pattern = pattern
    self.keep = keep
    self.minimumDensity = minimumDensity
    self.maximumSparsity = maximumSparsity
    self.density = density
  }
}

extension LayerLimits {
  /// The limits of each of the layers called `names`: these ones, changed by each rule in order.
  ///
  /// Where two rules state the same thing for a layer, the later one holds.
  ///
  /// - Throws: `BudgetError.noSuchLayer` for a pattern that selects nothing.
  package func applying(
    _ rules: [LayerRule], to names: [String]
  ) throws(BudgetError) -> [LayerLimits] {
    var limits = Array(repeating: self, count: names.count)
    for rule in rules {
      for layer in try rule.pattern.indices(in: names) {
        let old = limits[layer]
        limits[layer] = try LayerLimits(
          keep: rule.keep ?? old.keep,
          minimumDensity: rule.minimumDensity ?? old.minimumDensity,
          maximumSparsity: rule.maximumSparsity ?? old.maximumSparsity,
          allowsEmpty: old.allowsEmpty, stated: rule.stated ?? old.stated)
      }
    }
    return limits
  }
}
