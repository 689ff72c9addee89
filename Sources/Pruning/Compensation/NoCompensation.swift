import NeuralNetworks

/// Nothing makes up for removed weights.
package struct NoCompensation: Compensation {
  package init() {}

  package var name: String { "none" }

  package func apply(
    to network: inout Network, removed: [[Int]], _ context: ScoringContext
  ) -> CompensationReport? { nil }
}
