import NumericCore
import Runs
import Testing

@Suite("Measuring works") struct WorkCalibrationTests {
  /// A clock that works move on.
  private final class Clock {
    var time = 0.0
    var calls: [String: Int] = [:]
  }

  private static let machine = MachineIdentity(
    processor: "", features: [], threads: 1, processors: 2, version: "")

  /// Measures works that take so many seconds.
  private func measured(
    _ seconds: [(String, Double)], known: [String] = []
  ) -> (times: WorkTimes, measured: Int, clock: Clock) {
    nonisolated(unsafe) let clock = Clock()
    let works = seconds.map { name, seconds in
      TimedWork(name: name) { _ in
        {
          clock.time += seconds
          clock.calls[name, default: 0] += 1
          return 7
        }
      }
    }
    var times = WorkTimes(Self.machine)
    for name in known { times[name] = WorkMeasurement(seconds: 42) }
    let calibration = WorkCalibration(pool: WorkerPool(threadCount: 1), folder: nil) { clock.time }
    let count = calibration.complete(&times, works)
    return (times, count, clock)
  }

  @Test("takes each work's time, and knows it from then on")
  func times() throws {
    let (times, count, clock) = measured([("a", 0.001), ("b", 0.5), ("c", 0.001)], known: ["c"])
    let a = try #require(times["a"])
    #expect(abs(a.seconds - 0.001) < 1e-9 && a.bytes == 7)
    #expect(times["b"]?.seconds == 0.5 && times["c"]?.seconds == 42 && count == 2)
    // What takes long is done once, what is known not at all.
    #expect(clock.calls["a"] ?? 0 > 5 && clock.calls["b"] == 1 && clock.calls["c"] == nil)
  }

  @Test("ends after two seconds, or with the work that goes on then")
  func end() {
    let (times, count, clock) = measured([("a", 1.5), ("b", 0.75), ("c", 0.001)])
    #expect(count == 2 && times["c"] == nil && clock.time == 2.25)
  }

  @Test("passes over what cannot be done")
  func failing() {
    var times = WorkTimes(Self.machine)
    let works = [
      TimedWork(name: "unprepared") { _ in throw WorkTooLong() },
      TimedWork(name: "undone") { _ in { throw WorkTooLong() } },
      TimedWork(name: "done") { _ in { nil } },
    ]
    var time = 0.0
    let calibration = WorkCalibration(pool: WorkerPool(threadCount: 1), folder: nil) {
      time += 0.001
      return time
    }
    #expect(calibration.complete(&times, works) == 1)
    #expect(times["done"] != nil && times["undone"] == nil)
  }
}
