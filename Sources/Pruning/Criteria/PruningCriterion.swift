import NumericCore

/// Which weights can go: an importance for every weight, on one scale for the whole network.
package protocol PruningCriterion: Sendable {
  /// The name in a schedule.
  var name: String { get }

  /// The metric whose statistics the criterion reads from the context; nil for none.
  var metric: OutputMetric? { get }

  /// One matrix [outputs, inputs] a layer; entries of live weights are at least 0, those of pruned
  /// weights are not read.
  func importances(_ context: ScoringContext) throws(PruningError) -> [Matrix]
}
