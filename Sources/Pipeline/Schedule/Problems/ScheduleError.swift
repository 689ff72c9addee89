/// Why a schedule cannot be used: everything that is wrong with it.
package struct ScheduleError: Error, Sendable, Equatable {
  /// The file as the user names it.
  package let file: String
  /// In the order of their places in the file; at least one.
  package let problems: [ScheduleProblem]

  package init(file: String, problems: [ScheduleProblem]) {
    self.file = file
    // Sorting is not stable, so the order of finding decides among equals explicitly.
    self.problems = problems.enumerated()
      .sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
      .map(\.element)
  }
}

extension ScheduleError: CustomStringConvertible {
  /// One line a problem: `file:line:column: key path: what is wrong and what is allowed`.
  package var description: String {
    problems.map { problem in
      let place = "\(file):\(problem.position.line):\(problem.position.column): "
      return place + (problem.path.isEmpty ? "" : problem.path + ": ") + problem.fault.description
    }.joined(separator: "\n")
  }
}
