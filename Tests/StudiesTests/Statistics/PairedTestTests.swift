import Foundation
import Runs
import Studies
import Testing

/// What scipy says, written by Golden/make_statistics_golden.py.
private struct StatisticsGolden: Decodable {
  struct Beta: Decodable {
    let a: Double
    let b: Double
    let x: Double
    let value: Double
  }
  struct Test: Decodable {
    let first: [Double]
    let second: [Double]
    let t: Double
    let p: Double
  }
  let beta: [Beta]
  let tests: [Test]

  static func read() throws -> StatisticsGolden {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Golden/statistics.json")
    return try JSONDecoder().decode(StatisticsGolden.self, from: Data(contentsOf: path))
  }
}

@Suite("The paired test")
struct PairedTestTests {
  @Test("gives scipy's t and p")
  func golden() throws {
    for test in try StatisticsGolden.read().tests {
      let found = try #require(PairedTest(test.first, test.second))
      // scipy takes first minus second.
      #expect(abs((found.t ?? .nan) + test.t) <= 1e-9 * abs(test.t))
      #expect(abs(found.p - test.p) <= 1e-10 * max(test.p, 1e-6))
    }
  }

  @Test("rests on scipy's incomplete beta function")
  func beta() throws {
    for entry in try StatisticsGolden.read().beta {
      let found = IncompleteBeta.value(entry.x, a: entry.a, b: entry.b)
      #expect(abs(found - entry.value) <= 1e-11 * max(entry.value, 1e-30), "\(entry)")
    }
    #expect(IncompleteBeta.value(0, a: 2, b: 3) == 0 && IncompleteBeta.value(1, a: 2, b: 3) == 1)
  }

  @Test("is certain where all differences are the same, and there is none for one pair")
  func degenerate() throws {
    #expect(PairedTest([1, 2], [1, 2])?.p == 1)
    #expect(PairedTest([1, 2], [2, 3])?.p == 0)
    #expect(PairedTest([1], [2]) == nil && PairedTest([], []) == nil)
  }
}
