import Schedules

/// Why a run cannot be planned: something in its schedule asks for what its data, its network or other files do
/// not allow.
package struct PlanObstacle: Error, Sendable, Equatable {
  /// What of a schedule it is about.
  package enum Subject: Sendable, Equatable {
    /// A key of a mapping at the top, as `loss` of `training`.
    case key(String, of: String)
    /// The stage that is called so, or the one of which that is a round.
    case stage(String)
  }

  package let subject: Subject
  /// What is wrong and what to do.
  package let reason: String

  package init(_ subject: Subject, _ reason: String) {
    self.subject = subject
    self.reason = reason
  }

  /// The obstacle as one of the file in which `schedule` stands.
  func error(in file: String, _ schedule: Field) -> ScheduleError {
    switch subject {
    case .key(let key, let outer):
      schedule.place(of: outer).place(of: key).impossible(reason, in: file)
    case .stage(let name):
      // The place says which stage it is, but not which round.
      schedule.place(ofStage: name).impossible(
        name.contains("/") ? description : reason, in: file)
    }
  }
}

extension PlanObstacle: CustomStringConvertible {
  /// What it is about, what is wrong and what to do.
  package var description: String {
    switch subject {
    case .key(let key, let outer): "\(outer).\(key): \(reason)"
    case .stage(let name): "stage \(name): \(reason)"
    }
  }
}
