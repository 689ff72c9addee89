/// What one pruning round did.
package struct PruningReport: Sendable, Equatable {
  /// One layer's part in it.
  package struct Layer: Sendable, Equatable {
    package let name: String
    /// Weights before any were ever removed.
    package let weights: Int
    /// Weights removed in this round.
    package let removed: Int
    /// Weights left.
    package let remaining: Int
    /// The largest importance that was removed; nil where nothing was.
    package let largestRemovedImportance: Float?
  }

  /// From the inputs upwards.
  package let layers: [Layer]

  /// Weights left in the whole network.
  package var remaining: Int { layers.reduce(0) { $0 + $1.remaining } }

  /// Weights removed in this round from the whole network.
  package var removed: Int { layers.reduce(0) { $0 + $1.removed } }

  /// The largest importance that was removed anywhere: the threshold, where one holds for the whole
  /// network; nil where nothing was removed.
  package var largestRemovedImportance: Float? {
    layers.compactMap(\.largestRemovedImportance).max()
  }
}
