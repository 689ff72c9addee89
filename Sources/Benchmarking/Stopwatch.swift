/// Times of short pieces of work as the best of several repeats: what is left of them when nothing
/// else is in the way.
package struct Stopwatch {
  /// Seconds of all repeats together.
  package let seconds: Double
  /// At least 1.
  package let repeats: Int
  /// Seconds since some fixed moment.
  package let now: () -> Double

  package init(
    seconds: Double, repeats: Int, now: @escaping () -> Double = Stopwatch.monotonicSeconds
  ) {
    precondition(seconds > 0 && repeats >= 1)
    self.seconds = seconds
    self.repeats = repeats
    self.now = now
  }

  /// Seconds that `work` takes, once: after a warm-up the best of the repeats, each as many calls as
  /// fill its share of the seconds.
  package func best<Failure: Error>(
    _ work: @escaping () throws(Failure) -> Void
  ) throws(Failure) -> Double {
    try best([work])[0]
  }

  /// The same for several pieces of work, whose repeats take turns, so that whatever slows the
  /// machine for a while slows them alike.
  package func best<Failure: Error>(
    _ works: [() throws(Failure) -> Void]
  ) throws(Failure) -> [Double] {
    var calls: [Int] = []
    for work in works {
      try work()
      let once = max(try time(1, work), Stopwatch.shortest)
      calls.append(max(1, Int(seconds / Double(repeats) / once)))
    }
    var best = works.map { _ in Double.infinity }
    for _ in 0..<repeats {
      for (index, work) in works.enumerated() {
        best[index] = min(best[index], try time(calls[index], work) / Double(calls[index]))
      }
    }
    return best
  }

  /// A call shorter than this is not told from none.
  private static let shortest = 1e-7

  private func time<Failure: Error>(
    _ calls: Int, _ work: () throws(Failure) -> Void
  ) throws(Failure) -> Double {
    let start = now()
    for _ in 0..<calls { try work() }
    return now() - start
  }

  /// The system's clock, which runs on whatever the time of day is set to.
  package static func monotonicSeconds() -> Double {
    origin.duration(to: .now) / .seconds(1)
  }

  private static let origin = ContinuousClock.now
}
