/// A search for the fewest weights with which a network still holds: what it tries next follows from
/// what held so far, and from nothing else.
///
/// A step is a share of the weights that are left. A trial that holds is gone on from with the same
/// step; after one that does not, the search goes back to the last model that held and halves the
/// step. So a search is told by its verdicts alone, and any prefix of them leads to the same next
/// trial.
package struct SparsitySearch: Sendable, Equatable {
  /// Weights of the model that the search begins with, at least 1.
  package let start: Int
  /// The fewest weights that a trial may keep, 1…`start`.
  package let least: Int
  /// The share of the weights left that the first trial removes, in (0, 1).
  package let step: Double
  /// The smallest step that is tried, in (0, `step`].
  package let minimalStep: Double
  /// The most trials; nil for as many as it takes.
  package let rounds: Int?

  package init(start: Int, least: Int, step: Double, minimalStep: Double, rounds: Int? = nil) {
    precondition(least >= 1 && least <= start, "1 ≤ least ≤ start")
    precondition(minimalStep > 0 && minimalStep <= step && step < 1, "0 < minimal ≤ step < 1")
    precondition(rounds.map { $0 >= 1 } ?? true, "at least one trial")
    self.start = start
    self.least = least
    self.step = step
    self.minimalStep = minimalStep
    self.rounds = rounds
  }

  /// What comes after trials of which the n-th held where `verdicts[n − 1]` is true.
  ///
  /// Verdicts behind the end of the search change nothing.
  package func decision(after verdicts: [Bool]) -> SearchDecision {
    var place = Place(kept: start, step: step)
    for holds in verdicts {
      guard case .trial(let trial) = decision(at: place) else { break }
      place.note(trial, holds: holds)
    }
    return decision(at: place)
  }

  /// A number of trials that the search never exceeds, whatever holds; nil where that is above
  /// `limit`.
  ///
  /// Every failure halves the step, and larger steps need fewer trials than the smallest one.
  package func mostTrials(limit: Int) -> Int? {
    var failures = 1
    var smallest = step
    while smallest / 2 >= minimalStep {
      smallest /= 2
      failures += 1
    }
    var trials = failures
    var kept = start
    while kept > least, trials <= limit {
      kept -= removal(of: smallest, from: kept)
      trials += 1
    }
    let most = min(trials, rounds ?? .max)
    return most <= limit ? most : nil
  }

  // MARK: Steps

  /// Where a search stands between two trials.
  private struct Place {
    /// Weights of the last model that held.
    var kept: Int
    /// The trial that it came from; nil for the start.
    var base: Int?
    var step: Double
    /// How many weights of `kept` could not be removed.
    var failed: Int?
    var trials = 0
    var rollbacks = 0

    init(kept: Int, step: Double) {
      self.kept = kept
      self.step = step
    }

    mutating func note(_ trial: SearchTrial, holds: Bool) {
      trials += 1
      if holds {
        kept = trial.kept
        base = trial.number
        failed = nil
      } else {
        step = trial.step / 2
        failed = trial.from - trial.kept
        rollbacks += 1
      }
    }
  }

  private func decision(at place: Place) -> SearchDecision {
    func stop(_ reason: SearchStop.Reason) -> SearchDecision {
      .stop(
        SearchStop(
          reason: reason, base: place.base, kept: place.kept, trials: place.trials,
          rollbacks: place.rollbacks))
    }
    if place.kept <= least { return stop(.nothingSmaller) }
    if place.step < minimalStep { return stop(.minimalStep) }
    if let rounds, place.trials >= rounds { return stop(.rounds) }
    let wanted = max(1, Int((place.step * Double(place.kept)).rounded()))
    let removed = removal(of: place.step, from: place.kept)
    // Half of a single weight is that weight again.
    if let failed = place.failed, removed >= failed { return stop(.singleWeight) }
    return .trial(
      SearchTrial(
        number: place.trials + 1, base: place.base, from: place.kept, kept: place.kept - removed,
        step: removed < wanted ? Double(removed) / Double(place.kept) : place.step,
        isRollback: place.failed != nil))
  }

  /// How many of `kept` weights `step` removes: at least one, and none below the least.
  private func removal(of step: Double, from kept: Int) -> Int {
    min(max(1, Int((step * Double(kept)).rounded())), kept - least)
  }
}
