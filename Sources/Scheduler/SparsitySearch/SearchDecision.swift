/// What a search does next.
package enum SearchDecision: Sendable, Equatable {
  case trial(SearchTrial)
  case stop(SearchStop)
}

/// One trial of a search: so many weights are removed from the last model that held.
package struct SearchTrial: Sendable, Equatable {
  /// From 1.
  package let number: Int
  /// The trial whose model this one goes on from; nil for the model before the search.
  package let base: Int?
  /// Weights of that model.
  package let from: Int
  /// Weights that the trial keeps, below `from`.
  package let kept: Int
  /// The share of `from` that is removed, before rounding.
  package let step: Double
  /// Whether the trial before did not hold, so that this one goes back and takes a smaller step.
  package let isRollback: Bool
}

/// How a search ended.
package struct SearchStop: Sendable, Equatable {
  /// Why a search goes no further.
  package enum Reason: String, Sendable, CaseIterable {
    /// The next step would be below the smallest that is tried.
    case minimalStep = "minimal_step"
    /// The limits admit nothing smaller.
    case nothingSmaller = "nothing_smaller"
    /// A single weight could not be removed.
    case singleWeight = "single_weight"
    /// As many trials as were asked for.
    case rounds
  }

  package let reason: Reason
  /// The trial that held last; nil where none did.
  package let base: Int?
  /// Weights of the last model that held.
  package let kept: Int
  package let trials: Int
  /// Trials that did not hold.
  package let rollbacks: Int
}
