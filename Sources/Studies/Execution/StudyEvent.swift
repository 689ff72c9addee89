import Runs
import Storage

/// What happens while a study is computed.
package enum StudyEvent: Sendable {
  /// `cells` of the study's `of` cells have to be measured.
  case started(name: String, cells: Int, of: Int)
  /// A dense network, or a cell, is begun.
  case workStarted(String)
  /// How far it is, every second or so; for whoever watches, and in no log.
  case advanced(text: String, StageAdvance, StudyProgress)
  /// It could not be done.
  case workFailed(String, message: String)
  /// A dense network was trained.
  case denseTrained(text: String, seconds: Double, StudyProgress)
  case cellMeasured(StudyCellIdentity, StudyResult, StudyProgress)
  /// Something the user should know that is not an error.
  case notice(Notice)
  /// The call ends early, because something failed.
  case failed(message: String)
  /// The call ends early, because somebody asked for it.
  case interrupted
}

extension StudyEvent {
  /// Something that is probably not as somebody wants it.
  package static func warning(_ text: String) -> StudyEvent { .notice(.warning(text)) }
}

/// How far a study is.
package struct StudyProgress: Sendable, Equatable {
  /// Cells measured since the start.
  package let cells: Int
  /// Cells that were to be measured at the start.
  package let of: Int
  /// Share of the work that is done, 0 to 1.
  package let share: Double
  /// Seconds that are left at the speed so far; nil before there is one.
  package let secondsLeft: Double?

  package init(cells: Int, of all: Int, share: Double, secondsLeft: Double?) {
    self.cells = cells
    of = all
    self.share = share
    self.secondsLeft = secondsLeft
  }
}

/// Takes events, on any thread, one at a time.
package typealias StudyEventSink = @Sendable (StudyEvent) -> Void
