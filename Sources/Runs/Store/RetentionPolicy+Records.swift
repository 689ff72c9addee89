import Schedules

/// What a policy keeps, of the checkpoints of a run or the nights of a job: a pure function of them. What
/// must never go is decided elsewhere (`GarbageCollection`, `NightRetention`).
extension RetentionPolicy {
  /// What speaks for a checkpoint.
  package enum Reason: String, Sendable, CaseIterable {
    case last, best, daily, weekly
    /// Its time cannot be read, so no day counts it.
    case undated
  }

  /// What can be kept.
  package struct Item: Sendable {
    package let key: String
    /// ISO 8601, in UTC.
    package let finishedAt: String
    /// By which it is ranked, less is better; nil for what has no rank.
    package let loss: Double?

    package init(key: String, finishedAt: String, loss: Double?) {
      self.key = key
      self.finishedAt = finishedAt
      self.loss = loss
    }
  }

  /// The records that the policy keeps, with what speaks for each, by their keys.
  ///
  /// - Parameters:
  ///   - records: those with a checkpoint, in any order, each key once.
  ///   - chain: keys of the current chain, the newest first.
  package func kept(of records: [StageRecord], chain: [String]) -> [String: [Reason]] {
    kept(
      ofItems: records.map { Item(key: $0.key, finishedAt: $0.finishedAt, loss: $0.loss) },
      chain: chain)
  }

  /// What the policy keeps, with what speaks for each, by their keys.
  ///
  /// - Parameters:
  ///   - candidates: in any order, each key once.
  ///   - chain: keys of those that `last` and `best` count, the newest first.
  package func kept(ofItems candidates: [Item], chain: [String]) -> [String: [Reason]] {
    let byKey = Dictionary(candidates.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    let inChain = chain.compactMap { byKey[$0] }
    var kept: [String: [Reason]] = [:]
    func keep(_ items: some Sequence<Item>, _ reason: Reason) {
      for item in items { kept[item.key, default: []].append(reason) }
    }
    keep(inChain.prefix(last), .last)
    // Sorting is stable here by the position in the chain: the newer of equal losses comes first.
    let ranked = inChain.enumerated().compactMap { position, item in
      item.loss.map { (loss: $0, position: position, item: item) }
    }.sorted { ($0.loss, $0.position) < ($1.loss, $1.position) }
    keep(ranked.prefix(best).map(\.item), .best)

    let place = Dictionary(chain.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    var dated: [(day: Int, item: Item)] = []
    for item in candidates {
      if let day = RetentionPolicy.day(of: item.finishedAt) {
        dated.append((day, item))
      } else {
        keep([item], .undated)
      }
    }
    // Newest first; of one second, that which is further down the chain, then by key.
    dated.sort { a, b in
      if a.item.finishedAt != b.item.finishedAt {
        return a.item.finishedAt > b.item.finishedAt
      }
      let (left, right) = (place[a.item.key] ?? .max, place[b.item.key] ?? .max)
      return left != right ? left < right : a.item.key < b.item.key
    }
    keep(newest(of: dated, periods: daily) { $0 }, .daily)
    // 1 January 1970 was a Thursday: a week begins three days before it.
    keep(newest(of: dated, periods: weekly) { ($0 + 3).quotient(7) }, .weekly)
    return kept
  }

  /// The first record of each of the first `periods` periods.
  private func newest(
    of dated: [(day: Int, item: Item)], periods: Int, period: (Int) -> Int
  ) -> [Item] {
    var seen: Set<Int> = []
    var found: [Item] = []
    for (day, item) in dated where seen.count < periods {
      if seen.insert(period(day)).inserted { found.append(item) }
    }
    return found
  }

  /// Seconds from 1 January 1970 to `time`, `2026-11-23T02:30:00Z`; nil for another form.
  package static func seconds(of time: String) -> Int? {
    let clock = time.dropFirst(11).prefix(8).split(separator: ":").compactMap { Int($0) }
    guard time.utf8.count == 20, time.hasSuffix("Z"), clock.count == 3, let day = day(of: time)
    else { return nil }
    return ((day * 24 + clock[0]) * 60 + clock[1]) * 60 + clock[2]
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
