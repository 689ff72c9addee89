import RunFixtures
import Runs
import Schedules
import Testing

@Suite("Retention policy") struct RetentionPolicyTests {
  /// Records `a`, `b`, … in the order of their making, each the parent of the next.
  private func chain(
    times: [String], losses: [Double]? = nil
  ) throws -> (records: [StageRecord], chain: [String]) {
    let keys = times.indices.map { String(UnicodeScalar(UInt8(97 + $0))) }
    let records = try zip(keys, times).enumerated().map { index, item in
      try RecordFixture.record(
        item.0, parent: index == 0 ? "root" : keys[index - 1], finishedAt: item.1,
        loss: losses?[index] ?? 1)
    }
    return (records, keys.reversed())
  }

  private func names(_ kept: [String: [RetentionPolicy.Reason]]) -> String {
    kept.keys.sorted().joined()
  }

  @Test("last: the newest stages of the chain, however many there are", arguments: 0...7)
  func last(count: Int) throws {
    let (records, keys) = try chain(times: Array(repeating: "2026-03-04T05:06:07Z", count: 5))
    let kept = RetentionPolicy(last: count).kept(of: records, chain: keys)
    #expect(names(kept) == String("abcde".suffix(count)))
    #expect(kept.values.allSatisfy { $0 == [.last] })
  }

  @Test("best: the lowest losses of the chain, of equal ones the newer")
  func best() throws {
    let (records, keys) = try chain(
      times: Array(repeating: "2026-03-04T05:06:07Z", count: 5), losses: [0.3, 0.1, 0.2, 0.1, 0.9])
    for (count, expected) in [(0, ""), (1, "d"), (2, "bd"), (3, "bcd"), (9, "abcde")] {
      #expect(names(RetentionPolicy(best: count).kept(of: records, chain: keys)) == expected)
    }
    // A better one of another chain is no better model of this one.
    let other = try RecordFixture.record("z", loss: 0)
    #expect(names(RetentionPolicy(best: 1).kept(of: records + [other], chain: keys)) == "d")
  }

  @Test("daily: the newest of each of the last days that have any, across gaps")
  func daily() throws {
    let (records, keys) = try chain(times: [
      "2025-12-30T23:59:59Z", "2025-12-31T00:00:00Z", "2025-12-31T12:00:00Z",
      "2026-01-02T01:00:00Z", "2026-01-02T01:00:00Z",
    ])
    for (count, expected) in [(0, ""), (1, "e"), (2, "ce"), (3, "ace"), (7, "ace")] {
      #expect(names(RetentionPolicy(daily: count).kept(of: records, chain: keys)) == expected)
    }
    // The order of the records plays no part.
    #expect(
      names(RetentionPolicy(daily: 2).kept(of: records.reversed(), chain: keys)) == "ce")
  }

  @Test("weekly: from Monday to Sunday, over the end of a year and a leap day")
  func weekly() throws {
    let (records, keys) = try chain(times: [
      // Sunday and Monday; Wednesday to Friday of one week over New Year; around 29 February 2028.
      "2025-12-28T23:00:00Z", "2025-12-29T00:00:00Z", "2025-12-31T10:00:00Z",
      "2026-01-02T10:00:00Z", "2028-02-27T10:00:00Z", "2028-02-28T10:00:00Z",
      "2028-03-05T10:00:00Z", "2028-03-06T10:00:00Z",
    ])
    for (count, expected) in [(1, "h"), (2, "gh"), (3, "egh"), (4, "degh"), (9, "adegh")] {
      #expect(names(RetentionPolicy(weekly: count).kept(of: records, chain: keys)) == expected)
    }
  }

  @Test("days and weeks look at every checkpoint, of other chains too")
  func otherChains() throws {
    let (records, keys) = try chain(times: ["2026-03-04T05:06:07Z"])
    let older = try RecordFixture.record("z", finishedAt: "2026-03-03T00:00:00Z")
    let kept = RetentionPolicy(daily: 2).kept(of: records + [older], chain: keys)
    #expect(names(kept) == "az")
  }

  @Test(
    "a record of which the time cannot be read stays", arguments: ["", "yesterday", "2026-13-01"])
  func undated(time: String) throws {
    let (records, keys) = try chain(times: [time, "2026-03-04T05:06:07Z"])
    let kept = RetentionPolicy(daily: 1).kept(of: records, chain: keys)
    #expect(kept == ["a": [.undated], "b": [.daily]])
  }

  @Test("several reasons for one checkpoint are all given; nothing wanted keeps nothing")
  func reasons() throws {
    let (records, keys) = try chain(times: ["2026-03-04T05:06:07Z", "2026-03-04T05:06:08Z"])
    let policy = RetentionPolicy(last: 1, best: 1, daily: 1, weekly: 1)
    #expect(
      policy.kept(of: records, chain: keys) == ["b": [.last, .best, .daily, .weekly]])
    #expect(RetentionPolicy().kept(of: records, chain: keys).isEmpty)
    #expect(policy.kept(of: [], chain: []).isEmpty)
  }
}
