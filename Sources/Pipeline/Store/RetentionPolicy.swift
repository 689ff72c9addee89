import Formats

/// Which checkpoints of a run are worth keeping: `last` stages, `best` models, one a day and one a
/// week. A pure function of records; what must never go is decided elsewhere (`GarbageCollection`).
package struct RetentionPolicy: Sendable, Equatable {
  /// The most that may be asked for of each.
  static let maximumCount = 1_000_000

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

  /// What speaks for a checkpoint.
  package enum Reason: String, Sendable, CaseIterable {
    case last, best, daily, weekly
    /// Its time cannot be read, so no day counts it.
    case undated
  }

  /// The records that the policy keeps, with what speaks for each, by their keys.
  ///
  /// - Parameters:
  ///   - candidates: records with a checkpoint, in any order, each key once.
  ///   - chain: keys of the current chain, the newest first.
  package func kept(of candidates: [StageRecord], chain: [String]) -> [String: [Reason]] {
    let byKey = Dictionary(candidates.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let inChain = chain.compactMap { byKey[$0] }
    var kept: [String: [Reason]] = [:]
    func keep(_ records: some Sequence<StageRecord>, _ reason: Reason) {
      for record in records { kept[record.key, default: []].append(reason) }
    }
    keep(inChain.prefix(last), .last)
    // Sorting is stable here by the position in the chain: the newer of equal losses comes first.
    let ranked = inChain.enumerated().compactMap { position, record in
      record.loss.map { (loss: $0, position: position, record: record) }
    }.sorted { ($0.loss, $0.position) < ($1.loss, $1.position) }
    keep(ranked.prefix(best).map(\.record), .best)

    let place = Dictionary(chain.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    var dated: [(day: Int, record: StageRecord)] = []
    for record in candidates {
      if let day = RetentionPolicy.day(of: record.finishedAt) {
        dated.append((day, record))
      } else {
        keep([record], .undated)
      }
    }
    // Newest first; of one second, that which is further down the chain, then by key.
    dated.sort { a, b in
      if a.record.finishedAt != b.record.finishedAt {
        return a.record.finishedAt > b.record.finishedAt
      }
      let (left, right) = (place[a.record.key] ?? .max, place[b.record.key] ?? .max)
      return left != right ? left < right : a.record.key < b.record.key
    }
    keep(newest(of: dated, periods: daily) { $0 }, .daily)
    // 1 January 1970 was a Thursday: a week begins three days before it.
    keep(newest(of: dated, periods: weekly) { ($0 + 3).quotient(7) }, .weekly)
    return kept
  }

  /// The first record of each of the first `periods` periods.
  private func newest(
    of dated: [(day: Int, record: StageRecord)], periods: Int, period: (Int) -> Int
  ) -> [StageRecord] {
    var seen: Set<Int> = []
    var found: [StageRecord] = []
    for (day, record) in dated where seen.count < periods {
      if seen.insert(period(day)).inserted { found.append(record) }
    }
    return found
  }

  /// Days from 1 January 1970 to the date at the start of `time`, an ISO 8601 text in UTC; nil where
  /// there is none.
  ///
  /// Source: H. Hinnant, chrono-compatible low-level date algorithms, days_from_civil.
  static func day(of time: String) -> Int? {
    let parts = time.prefix(10).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts.map(\.count) == [4, 2, 2],
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted.quotient(400)
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension RetentionPolicy {
  /// The policy as a schedule has it.
  package var json: JSONValue {
    [
      "last": JSONValue(last), "best": JSONValue(best), "daily": JSONValue(daily),
      "weekly": JSONValue(weekly),
    ]
  }

  /// The policy that `json` records; nil where it is none.
  init?(json: JSONValue) {
    guard let last = json["last"]?.intValue, let best = json["best"]?.intValue,
      let daily = json["daily"]?.intValue, let weekly = json["weekly"]?.intValue,
      min(last, best, daily, weekly) >= 0
    else { return nil }
    self.init(last: last, best: best, daily: daily, weekly: weekly)
  }

  /// Reads `last=3,best=1,daily=7,weekly=4`, in any order, at least one of them.
  ///
  /// - Throws: `RunFailure.commandLine`.
  package init(parsing text: String) throws(RunFailure) {
    var counts: [String: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, ["last", "best", "daily", "weekly"].contains(sides[0]),
        counts[sides[0]] == nil, sides[1].utf8.allSatisfy({ (48...57).contains($0) }),
        let count = Int(sides[1]), count <= Self.maximumCount
      else {
        throw .commandLine(
          "--keep \(text): write all, or some of last=N,best=N,daily=N,weekly=N, each once, N a "
            + "whole number from 0 to \(Self.maximumCount)")
      }
      counts[sides[0]] = count
    }
    self.init(
      last: counts["last"] ?? 0, best: counts["best"] ?? 0, daily: counts["daily"] ?? 0,
      weekly: counts["weekly"] ?? 0)
  }
}

extension StageRecord {
  /// The loss by which models are ranked.
  fileprivate var loss: Double? {
    let measured = metrics.first { $0.part == "validation" } ?? metrics.first { $0.part == "train" }
    return measured.map(\.metrics.loss).flatMap { $0.isFinite ? $0 : nil }
  }
}

extension Int {
  /// This divided by `divisor`, rounded down.
  fileprivate func quotient(_ divisor: Int) -> Int {
    let quotient = self / divisor
    return self % divisor < 0 ? quotient - 1 : quotient
  }
}
