import Schedules

/// How a night goes past what it has refused.
package enum WayPast: Sendable {
  /// The network is promoted, whatever was found: `--force`.
  case promotion
  /// The data are trained on, and the network is judged as always: `nightly.guard.action=warn`.
  case training
}

/// What a night has come to, for whoever is told of it.
package struct NightReport: Sendable {
  /// The job's name.
  package let name: String
  /// The night's name; nil where it did not come to have one.
  package var night: String?
  package var state: HookSettings.State
  /// Why, as a clause; the message of a night that failed.
  package var reason: String
  /// The night whose network is in service at the end; nil for none.
  package var champion: String?
  /// What was decided; nil where nothing was.
  package var decision: Decision?
  package var exitCode: Int32
  /// What was damaged and put right, as a sentence; nil for nothing.
  package var alarm: String?
  /// What somebody should know though the night went well, as a sentence; nil for nothing.
  package var warning: String?
  /// How the same night goes past what it has refused; nil where nothing was refused.
  package var wayPast: WayPast?
  package var seconds: Double
  /// How far each column has moved since the champion was trained, the farthest first; empty where nobody has
  /// looked.
  package var drifts: [ColumnDrift] = []
  /// What nights say.
  package let log: String

  /// Whether it had the job to itself; another night goes on otherwise.
  package var didBegin: Bool { exitCode != 10 }

  package init(name: String, log: String) {
    self.name = name
    self.log = log
    state = .failed
    reason = ""
    exitCode = 1
    seconds = 0
  }

  /// Takes over what was decided.
  package mutating func take(_ decision: Decision) {
    self.decision = decision
    night = decision.night
    reason = decision.reason
    switch decision.outcome {
    case .promoted, .rolledBack: (state, exitCode) = (.promoted, 0)
    case .kept: (state, exitCode) = (.kept, 0)
    // Not good enough, or the rows do not tell.
    case .refused: (state, exitCode, wayPast) = (.refused, 12, .promotion)
    case .undecided: (state, exitCode, wayPast) = (.undecided, 12, .promotion)
    case .stopped, .failed, .abandoned: (state, exitCode) = (.failed, 1)
    }
    if let alarm {
      reason = "\(alarm); tonight: \(reason)"
      exitCode = 11
    }
  }
}
