import Storage

/// Which checkpoints of a run are worth keeping: `last` stages, `best` models, one a day and one a
/// week.
package struct RetentionPolicy: Sendable, Equatable {
  /// The most that may be asked for of each.
  package static let maximumCount = 1_000_000

  /// Newest stages of the chain that the result ends.
  package let last: Int
  /// Stages of that chain with the lowest loss on the validation part, or the training part where
  /// there is none; of equal ones the newer.
  package let best: Int
  /// Days, in UTC, of which the newest checkpoint is kept: the last ones that have any.
  package let daily: Int
  /// Weeks, from Monday in UTC, of which the newest checkpoint is kept: the last ones that have any.
  package let weekly: Int

  package init(last: Int = 0, best: Int = 0, daily: Int = 0, weekly: Int = 0) {
    self.last = last
    self.best = best
    self.daily = daily
    self.weekly = weekly
  }
}

extension RetentionPolicy {
  /// The policy as a schedule has it, with all four counts written out.
  package var json: JSONValue {
    [
      "last": JSONValue(last), "best": JSONValue(best), "daily": JSONValue(daily),
      "weekly": JSONValue(weekly),
    ]
  }

  /// The policy that `json` records; nil where it is none.
  package init?(json: JSONValue) {
    guard let last = json["last"]?.intValue, let best = json["best"]?.intValue,
      let daily = json["daily"]?.intValue, let weekly = json["weekly"]?.intValue,
      min(last, best, daily, weekly) >= 0
    else { return nil }
    self.init(last: last, best: best, daily: daily, weekly: weekly)
  }
}
