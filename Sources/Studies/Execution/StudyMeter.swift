import Runs
import Synchronization

/// Counts what is done of a study and passes events on, one at a time.
///
/// A class, because all threads report to it.
final class StudyMeter: Sendable {
  private struct Count {
    var cells = 0
    var cost = 0.0
    /// When something was last said.
    var told = ContinuousClock.now
  }

  /// The least time between two events that tell how far a work is.
  private static let tellEvery = Duration.seconds(1)

  private let count = Mutex(Count())
  private let cells: Int
  private let cost: Double
  private let events: StudyEventSink
  private let started = ContinuousClock.now

  /// - Parameters:
  ///   - cells: to be measured.
  ///   - cost: of all that is to be done, dense networks included.
  init(cells: Int, cost: Double, events: @escaping StudyEventSink) {
    self.cells = cells
    self.cost = cost
    self.events = events
  }

  /// Reports that a dense network or a cell is begun.
  func began(_ text: String) { count.withLock { _ in events(.workStarted(text)) } }

  /// Reports how far one is, unless something was just said; called at every step.
  func advanced(_ text: String, _ advance: StageAdvance) {
    let now = ContinuousClock.now
    count.withLock { count in
      guard now - count.told >= Self.tellEvery else { return }
      count.told = now
      events(.advanced(text: text, advance, progress(count)))
    }
  }

  /// Reports that it could not be done; nobody's wish to stop.
  ///
  /// - Returns: the error to throw.
  func failed(_ text: String, _ error: any Error) -> any Error {
    if case RunFailure.interrupted = error { return error }
    let own = (error as? RunFailure).flatMap { StudyFailure($0, of: text) } ?? error
    count.withLock { _ in events(.workFailed(text, message: "\(own)")) }
    return own
  }

  /// Reports a dense network of `cost`.
  func denseTrained(_ text: String, seconds: Double, cost: Double) {
    count.withLock { count in
      count.cost += cost
      events(.denseTrained(text: text, seconds: seconds, progress(count)))
    }
  }

  /// Reports a cell.
  func measured(_ cell: StudyCell, _ result: StudyResult) {
    count.withLock { count in
      count.cells += 1
      count.cost += cell.cost
      events(.cellMeasured(cell.identity, result, progress(count)))
    }
  }

  private func progress(_ count: Count) -> StudyProgress {
    let share = cost > 0 ? min(1, count.cost / cost) : 1
    let elapsed = (ContinuousClock.now - started).seconds
    return StudyProgress(
      cells: count.cells, of: cells, share: share,
      secondsLeft: share > 0 ? elapsed * (1 - share) / share : nil)
  }
}
