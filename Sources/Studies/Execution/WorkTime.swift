import Glibc
import Runs

/// What a piece of work takes that one thread does.
struct WorkTime: Sendable {
  /// Seconds by the clock, which go on while the machine does something else.
  let seconds: Double
  /// Seconds that a processor has worked for the thread.
  let processorSeconds: Double

  /// Does `work` on the calling thread, and measures it.
  ///
  /// - Returns: what `work` returns, and what it took.
  static func of<Value>(
    _ work: () throws -> Value
  ) rethrows -> (value: Value, time: WorkTime) {
    let (started, processor) = (ContinuousClock.now, processorSeconds)
    let value = try work()
    return (
      value,
      WorkTime(
        seconds: (ContinuousClock.now - started).seconds,
        processorSeconds: processorSeconds - processor)
    )
  }

  /// Seconds that a processor has worked for the calling thread since it began.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec)
  }
}
