import Benchmarking
import Engine
import NeuralNetworks
import NumericCore
import Scheduler
import Storage
import Testing
import Runs

@Suite("Times of layers") struct InferenceTimesTests {
  private let architecture = Architecture(
    widths: [9, 12, 12, 12, 3], activation: .tanh, initialization: .heNormal)

  /// A clock that every look at it moves on.
  private final class Clock {
    var seconds = 0.0
  }

  private func measured(batch: Int = 2) throws -> InferenceTimes {
    let clock = Clock()
    return try InferenceTimes.measured(
      of: architecture, batch: batch, pool: WorkerPool(threadCount: 1),
      stopwatch: Stopwatch(seconds: 1, repeats: 2) {
        clock.seconds += 0.5
        return clock.seconds
      })
  }

  @Test("every layer is measured at its counts, equal ones once")
  func measurement() throws {
    let times = try measured()
    #expect(times.layers.count == 4 && times.layers[1] == times.layers[2])
    #expect(
      times.layers.map { $0.points.map(\.kept) }
        == [9 * 12, 144, 144, 36].map { LayerTime.counts(of: $0) })
    #expect(times.layers[0].points.allSatisfy { $0.nanoseconds == 5e8 })
    #expect(times.batch == 2 && times.threads == 1)
    #expect(times.fits(architecture, batch: 2) && !times.fits(architecture, batch: 1))
    let other = Architecture(
      widths: [9, 12, 12, 12, 3], activation: .relu, initialization: .heNormal)
    #expect(!times.fits(other, batch: 2))
  }

  @Test("random masks keep what they are to keep")
  func masks() {
    for kept in [0, 1, 17, 49, 50] {
      let mask = Mask.random(rows: 5, columns: 10, keeping: kept)
      #expect(mask.keptCount == kept && mask.keptIndices.count == kept)
    }
  }

  @Test("what is written is read again, and what does not fit together is refused")
  func json() throws {
    let times = try measured()
    #expect(try InferenceTimes(json: times.json) == times)
    for (name, value) in [
      ("widths", [9, 12, 3]), ("widths", [9, 12, 12, 12, 4]),
      ("widths", ["a", 12, 12, 12, 3]), ("activation", "none"), ("batch", "one"),
      ("layers", [[], [], [], []]), ("widths", []), ("layers", []),
      ("widths", [4_611_686_018_427_387_904, 4_611_686_018_427_387_904, 12, 12, 3]),
    ] as [(String, JSONValue)] {
      var json = times.json
      json[name] = value
      #expect(throws: JSONError.self) { try InferenceTimes(json: json) }
    }
  }
}
