import Glibc
import NumericCore
import Storage

/// Tells other workers that this one is alive, until it is stopped: by a number that goes up, so that clocks of
/// other machines play no part.
struct Heartbeat {
  private let stop = StopSign()
  private let thread: BackgroundTasks

  /// Beats at `path`, at once and four times in a lease, or every 15 seconds where that is more often.
  ///
  /// - Throws: `StoreError` where the first beat cannot be written.
  init(path: String, lease: Duration) throws(StoreError) {
    try Heartbeat.beat(0, path)
    let stop = stop
    let interval = min(lease / 4, StudyLayout.longestPause)
    thread = BackgroundTasks(count: 1, threads: 1) { _ in
      var number = 0
      var next = SuspendingClock.now + interval
      while !stop.isUp {
        if SuspendingClock.now >= next {
          number += 1
          // Where it cannot be written, others take over what this one has, which does no harm.
          try? Heartbeat.beat(number, path)
          next = SuspendingClock.now + interval
        }
        usleep(50_000)
      }
    }
  }

  /// Ends it.
  func end() {
    stop.raise()
    thread.finish()
  }

  private static func beat(_ number: Int, _ path: String) throws(StoreError) {
    try DurableFile.replace(Array("\(number)\n".utf8), at: path)
  }
}
