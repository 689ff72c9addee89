import Runs
import Scheduler

/// What is said of a search before and while it runs.
enum SearchText {
  /// What follows a number of stages that has the trials of `searches` not in it; empty without any.
  static func uncounted(trialsOf searches: [String]) -> String {
    searches.isEmpty
      ? "" : "; trials of \(searches.joined(separator: ", ")) are counted as they come"
  }

  /// The step that the search takes at `place`.
  static func step(_ place: TrialPlace) -> String {
    let base = place.base ?? "the model before the search"
    return "\(place.trial.isRollback ? "back to" : "on from") \(base), step "
      + "\(Figures.percent(place.trial.step)): \(Figures.grouped(place.trial.kept)) of "
      + Figures.count(place.trial.from, "weight")
  }

  /// What has come of it.
  static func end(_ report: SearchReport) -> String {
    let held =
      report.held.map { Figures.count(report.weights, "weight holds", "weights hold") + " (\($0))" }
      ?? "no trial held, " + Figures.count(report.weights, "weight is left", "weights are left")
    let why =
      switch SearchStop.Reason(rawValue: report.reason) {
      case .minimalStep: "the next step would be below the smallest"
      case .nothingSmaller: "the limits admit nothing smaller"
      case .singleWeight: "not a single weight more can go"
      case .rounds, nil: "that were all rounds"
      }
    return "\(held); \(Figures.count(report.trials, "trial")), \(report.rollbacks) rolled back, "
      + "\(Figures.seconds(report.wallClockSeconds)); \(why)"
  }
}
