/// How many weights one layer may keep.
package struct LayerBounds: Sendable, Equatable {
  /// The least count, 0…`most`.
  package let least: Int
  /// The largest count: what is left now.
  package let most: Int
  /// What sets `least`; nil where nothing does.
  package let constraint: LayerConstraint?
  /// The sparsity that the policy `manual` is to reach; nil where none is stated.
  package var stated: Sparsity? = nil
}

/// A reason why a layer cannot keep fewer weights.
package enum LayerConstraint: Sendable, Equatable {
  /// No layer loses its last weight unless asked to.
  case oneWeight
  /// A least density.
  case minimumDensity(Double)
  /// A largest sparsity.
  case maximumSparsity(Sparsity)
  /// The layer is kept as it is.
  case keep
  /// The sparsity stated for this layer by the policy `manual`.
  case stated(Sparsity)
}

extension LayerConstraint: CustomStringConvertible {
  /// The constraint in the words of the schedule.
  package var description: String {
    switch self {
    case .oneWeight: "at least one weight"
    case .minimumDensity(let density): "min_density \(density)"
    case .maximumSparsity(let sparsity): "max_sparsity \(sparsity)"
    case .keep: "keep"
    case .stated(let sparsity): "sparsity \(sparsity)"
    }
  }
}
