/// A criterion as a schedule names it.
package struct Criterion: Sendable, Equatable, RawRepresentable, CaseIterable {
  /// Elimination-compensation.
  package static let ec = Criterion { EliminationCompensation(metric: $0) }

  /// The weights alone.
  package static let magnitude = Criterion { _ in Magnitude() }

  /// All that there are, in the order in which messages list them. A new one is a file of its own and a
  /// line here.
  package static let allCases: [Criterion] = [
    ec,
    magnitude,
    Criterion { _ in GradientMagnitude() },
    Criterion { _ in GradientMagnitude(signed: true) },
    Criterion { Taylor(metric: $0) },
    Criterion { _ in Variance() },
    Criterion { _ in Wanda() },
    Criterion { _ in OptimalBrainDamage() },
    Criterion { _ in RandomCriterion() },
    Criterion { _ in NonlinearRemoval() },
  ]

  /// The word in a schedule.
  package let rawValue: String
  /// The criterion itself, under a metric, which not all of them take.
  package let under: @Sendable (OutputMetric) -> any PruningCriterion

  private init(_ under: @escaping @Sendable (OutputMetric) -> any PruningCriterion) {
    rawValue = under(.none).name
    self.under = under
  }

  package init?(rawValue: String) {
    guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = known
  }

  /// The compensation that it comes with where none is stated: that of its paper.
  package var publishedCompensation: CompensationName { under(.none).publishedCompensation }

  /// Whether the metric decides what it measures.
  package var takesMetric: Bool { under(.fisher).metric != under(.output).metric }
}
