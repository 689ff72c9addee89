import Storage

/// One thing that was looked at, and what to do where it is not well.
package struct Finding: Sendable, Equatable {
  /// How well it is.
  package enum Level: String, Sendable, CaseIterable {
    case ok
    /// Something works worse, or will not work that not everybody needs.
    case warning
    /// Runs fail by it.
    case problem
  }

  /// What is looked at together.
  package enum Area: String, Sendable, CaseIterable {
    case libraries
    case processor
    case memory
    case limits
    case folder
    case clock
    case terminal
    case cron
  }

  package let area: Area
  package let level: Level
  /// What was found.
  package let fact: String
  /// What to do; nil where all is well.
  package let advice: String?

  private init(_ area: Area, _ level: Level, _ fact: String, _ advice: String?) {
    self.area = area
    self.level = level
    self.fact = fact
    self.advice = advice
  }

  /// Something that is well.
  package static func ok(_ area: Area, _ fact: String) -> Finding {
    Finding(area, .ok, fact, nil)
  }

  /// Something that works worse, with what to do.
  package static func warning(_ area: Area, _ fact: String, advice: String) -> Finding {
    Finding(area, .warning, fact, advice)
  }

  /// Something by which runs fail, with what to do.
  package static func problem(_ area: Area, _ fact: String, advice: String) -> Finding {
    Finding(area, .problem, fact, advice)
  }

  /// The form in `doctor --json`.
  package var json: JSONValue {
    [
      "area": .string(area.rawValue), "level": .string(level.rawValue), "fact": .string(fact),
      "advice": JSONValue(advice),
    ]
  }
}

/// That something was found by which runs fail.
package struct DiagnosisFailure: Error, Equatable, CustomStringConvertible {
  package let problems: Int

  /// - Parameter problems: how many were found.
  package init(problems: Int) { self.problems = problems }

  package var description: String {
    "\(counted(problems, "problem")) found, which \(problems == 1 ? "is" : "are") marked above with what "
      + "to do"
  }
}
