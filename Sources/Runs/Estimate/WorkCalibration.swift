import NumericCore

/// Measures works, each as often as tells its time from noise, and no longer than a second or two in all.
package struct WorkCalibration {
  /// Seconds that all measurements of one call may take together.
  package static let mostSeconds = 2.0
  /// Seconds that one work is repeated for, and after which once is enough.
  private static let secondsPerWork = 0.03
  private static let repeats = 5

  private let pool: WorkerPool
  private let folder: String?
  private let now: () -> Double

  /// - Parameters:
  ///   - folder: where files may be written and are removed again; nil for nowhere.
  ///   - now: seconds of a clock that never goes back.
  package init(pool: WorkerPool, folder: String?, now: @escaping () -> Double) {
    self.pool = pool
    self.folder = folder
    self.now = now
  }

  /// Measures those of `works` that `times` do not know, in their order, as far as the time allows; what
  /// cannot be done stays unknown.
  ///
  /// - Returns: how many were measured.
  package func complete(_ times: inout WorkTimes, _ works: [TimedWork]) -> Int {
    let end = now() + Self.mostSeconds
    let bench = WorkBench(pool: pool, folder: folder) { now() >= end }
    var measured = 0
    for work in works where times[work.name] == nil && now() < end {
      guard let found = try? measure(work, bench) else { continue }
      times[work.name] = found
      measured += 1
    }
    return measured
  }

  /// The median of several repeats behind a first one; that one alone of a work that takes long.
  private func measure(_ work: TimedWork, _ bench: WorkBench) throws -> WorkMeasurement {
    let body = try work.prepare(bench)
    let (first, bytes) = try time(1, body)
    guard first < Self.secondsPerWork else { return WorkMeasurement(seconds: first, bytes: bytes) }
    let calls = max(1, Int(Self.secondsPerWork / Double(Self.repeats) / max(first, 1e-7)))
    var times: [Double] = []
    let end = now() + Self.secondsPerWork
    while times.count < Self.repeats, times.isEmpty || now() < end {
      times.append(try time(calls, body).seconds / Double(calls))
    }
    return WorkMeasurement(seconds: times.sorted()[times.count / 2], bytes: bytes)
  }

  private func time(
    _ calls: Int, _ body: () throws -> Int?
  ) rethrows -> (seconds: Double, bytes: Int?) {
    let start = now()
    var bytes: Int?
    for _ in 0..<calls { bytes = try body() }
    return (now() - start, bytes)
  }
}
