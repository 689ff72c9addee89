/// What the schedule demands of one layer, whatever the policy is.
package struct LayerLimits: Sendable, Equatable {
  /// The layer loses nothing.
  package let keep: Bool
  /// The least density, in [0, 1].
  package let minimumDensity: Double
  /// The largest sparsity; nil sets no limit.
  package let maximumSparsity: Sparsity?
  /// The layer may lose its last weight.
  package let allowsEmpty: Bool
  /// The sparsity that the policy `manual` is to reach; nil where none is stated.
  package let stated: Sparsity?

  /// No demand but that one weight stays.
  package static let none = LayerLimits(
    unchecked: false, minimumDensity: 0, maximumSparsity: nil, allowsEmpty: false, stated: nil)

  /// - Throws: `BudgetError.densityOutOfRange` outside [0, 1].
  package init(
    keep: Bool = false, minimumDensity: Double = 0, maximumSparsity: Sparsity? = nil,
    allowsEmpty: Bool = false, stated: Sparsity? = nil
  ) throws(BudgetError) {
    guard minimumDensity >= 0, minimumDensity <= 1 else {
      throw .densityOutOfRange(minimumDensity)
    }
    self.init(
      unchecked: keep, minimumDensity: minimumDensity, maximumSparsity: maximumSparsity,
      allowsEmpty: allowsEmpty, stated: stated)
  }

  private init(
    unchecked keep: Bool, minimumDensity: Double, maximumSparsity: Sparsity?, allowsEmpty: Bool,
    stated: Sparsity?
  ) {
    self.keep = keep
    self.minimumDensity = minimumDensity
    self.maximumSparsity = maximumSparsity
    self.allowsEmpty = allowsEmpty
    self.stated = stated
  }

  /// These limits as counts for `layer`.
  ///
  /// Density and sparsity limits hold strictly: the least count is the smallest whose density or
  /// sparsity, computed from the counts in Double, is within the limit. A layer that is already
  /// below its limit keeps what it has, because removed weights do not come back.
  package func bounds(of layer: LayerProfile) -> LayerBounds {
    let most = layer.remaining
    if keep { return LayerBounds(least: most, most: most, constraint: .keep, stated: stated) }
    var least = 0
    var constraint: LayerConstraint?
    func raise(to count: Int, because reason: LayerConstraint) {
      if count > least { (least, constraint) = (count, reason) }
    }
    if minimumDensity > 0 {
      let count = Self.leastCount(of: layer.weights, density: minimumDensity)
      raise(to: count, because: .minimumDensity(minimumDensity))
    }
    if let maximumSparsity {
      let count = maximumSparsity.fewestKept(of: layer.weights)
      raise(to: count, because: .maximumSparsity(maximumSparsity))
    }
    if !allowsEmpty, layer.weights > 0 { raise(to: 1, because: .oneWeight) }
    return LayerBounds(
      least: min(least, most), most: most, constraint: constraint, stated: stated)
  }

  /// The smallest count whose share of `weights` is at least `density`.
  private static func leastCount(of weights: Int, density: Double) -> Int {
    let total = Double(weights)
    var count = Int((density * total).rounded(.up))
    while count > 0, Double(count - 1) / total >= density { count -= 1 }
    while count < weights, Double(count) / total < density { count += 1 }
    return count
  }
}
