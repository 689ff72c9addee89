import Runs
import Scheduler
import Storage

extension SearchStage {
  /// What is known of a search before it runs, as `plan --json` has it.
  package var json: JSONValue {
    var first: Int?
    if case .trial(let trial) = search.decision(after: []) { first = trial.kept }
    return [
      "until": test.json, "first": JSONValue(first), "least": JSONValue(search.least),
      "most_trials": JSONValue(search.mostTrials(limit: CurveEnds.maximumRounds)),
    ]
  }
}
