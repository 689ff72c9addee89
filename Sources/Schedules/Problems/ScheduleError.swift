import Storage

/// Why a schedule cannot be used.
package enum ScheduleError: Error, Equatable {
  /// The file could not be read.
  case unreadable(StoreError)
  /// Everything that is wrong with its content, in the order of places; at least one problem.
  case invalid(file: String, problems: [ScheduleProblem])

  /// The error of a file with `problems` in the order of finding them.
  package static func sorted(file: String, _ problems: [ScheduleProblem]) -> ScheduleError {
    // Sorting is not stable, so the order of finding decides among equals explicitly.
    let sorted = problems.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
    return .invalid(file: file, problems: sorted)
  }

  /// Whether nothing is wrong but that a file is not there: the schedule, or a model to start from.
  package var isMissingFile: Bool {
    switch self {
    case .unreadable(let error): error.isMissing
    case .invalid(_, let problems):
      problems.allSatisfy {
        if case .value(.missingModel) = $0.fault { true } else { false }
      }
    }
  }

  /// Whether the schedule says nothing wrong but what its data, its network or other files do not allow.
  package var isOfData: Bool {
    !problems.isEmpty
      && problems.allSatisfy {
        if case .relation(.impossible) = $0.fault { true } else { false }
      }
  }

  /// Whether nothing is wrong but what is not as it was where the schedule was written: variables of the
  /// environment, models to start from.
  package var isOfSurroundings: Bool {
    !problems.isEmpty
      && problems.allSatisfy {
        switch $0.fault {
        case .value(.missingModel), .value(.unusableModel), .value(.undefinedVariable): true
        default: false
        }
      }
  }

  /// Whether the text is none of a schedule, whatever its settings would be, or cannot be read.
  package var isOfText: Bool {
    problems.isEmpty
      || problems.contains {
        if case .document = $0.fault { true } else { false }
      }
  }

  /// What is wrong with the content; empty where there was none to read.
  package var problems: [ScheduleProblem] {
    if case .invalid(_, let problems) = self { problems } else { [] }
  }
}

extension ScheduleError: CustomStringConvertible {
  /// One line a problem: `file:line:column: key path: what is wrong and what is allowed`.
  package var description: String {
    switch self {
    case .unreadable(let error) where error.isMissing:
      "\(error.path): there is no such schedule or study; check the name"
    case .unreadable(let error): "\(error)"
    case .invalid(let file, let problems):
      problems.map { problem in
        let path = problem.path.isEmpty ? "" : problem.path + ": "
        return "\(Self.place(problem.position, in: file)): \(path)\(problem.fault)"
      }.joined(separator: "\n")
    }
  }

  /// A place as messages name it.
  package static func place(_ position: SourcePosition, in file: String) -> String {
    if let override = position.override {
      // Addresses that could be called are shown nowhere.
      guard override.hasPrefix("nightly"), let sign = override.firstIndex(of: "=") else {
        return "--set " + shortened(override)
      }
      return "--set " + override[...sign] + "…"
    }
    return "\(file):\(position.line):\(position.column)"
  }
}
