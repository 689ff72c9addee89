import Engine

/// Why the scalings around a network cannot be folded into it.
package enum FoldingError: Error, Equatable, Sendable {
  /// Targets are scaled, and the output's activation stands between the last weights and the target.
  case outputActivation(layer: String, Activation)
  /// With the scaling folded in, a weight or bias is beyond Float32.
  case nonFinite(layer: String)
}

extension FoldingError: CustomStringConvertible {
  /// What is wrong, where, and what to do, as a clause.
  package var description: String {
    switch self {
    case .outputActivation(let layer, let activation):
      "layer '\(layer)' ends in \(activation.rawValue), so the target scaling cannot be folded into "
        + "it; train with scale_targets: none"
    case .nonFinite(let layer):
      "layer '\(layer)' is beyond Float32 with the scaling folded in; scale the data or train anew"
    }
  }
}
