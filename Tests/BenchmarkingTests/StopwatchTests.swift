import Benchmarking
import Testing

@Suite("Stopwatch")
struct StopwatchTests {
  /// A clock that work moves on.
  private final class Clock {
    var seconds = 0.0
    var calls = 0
  }

  @Test("the best of the repeats counts, the warm-up does not")
  func best() {
    let clock = Clock()
    let stopwatch = Stopwatch(seconds: 3, repeats: 3) { clock.seconds }
    // Warm-up, then one call to see how long it takes, then a repeat a call.
    let times = [0.1, 1, 5, 0.5, 2]
    let best = stopwatch.best {
      clock.seconds += times[clock.calls]
      clock.calls += 1
    }
    #expect(best == 0.5)
    #expect(clock.calls == 5)
  }

  @Test("a repeat has as many calls as fill its share of the time")
  func calls() {
    let clock = Clock()
    let best = Stopwatch(seconds: 1, repeats: 4) { clock.seconds }.best {
      clock.seconds += 0x1p-5
      clock.calls += 1
    }
    #expect(best == 0x1p-5)
    #expect(clock.calls == 2 + 4 * 8)
  }

  @Test("work that takes no time that a clock shows still ends")
  func immeasurable() {
    var calls = 0
    let best = Stopwatch(seconds: 1e-5, repeats: 2) { 0 }.best { calls += 1 }
    #expect(best == 0)
    #expect(calls == 2 + 2 * 50)
  }

  @Test("several pieces of work take turns and have a best each")
  func turns() {
    let clock = Clock()
    var order = ""
    let stopwatch = Stopwatch(seconds: 2, repeats: 2) { clock.seconds }
    let best = stopwatch.best([
      {
        clock.seconds += 1
        order += "a"
      },
      {
        clock.seconds += 2
        order += "b"
      },
    ])
    #expect(best == [1, 2])
    #expect(order == "aabbabab")
  }

  @Test("the system's clock goes on")
  func system() {
    let before = Stopwatch.monotonicSeconds()
    while Stopwatch.monotonicSeconds() == before {}
    #expect(Stopwatch.monotonicSeconds() > before)
  }
}
