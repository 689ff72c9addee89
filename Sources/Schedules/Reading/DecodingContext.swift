/// What all readers of one schedule share: the problems found so far, the environment, and where the
/// schedule lies.
///
/// A class, because readers of different parts of the tree add to one list; it lives only while a
/// schedule is decoded.
package final class DecodingContext {
  /// The value of an environment variable, nil where it is not set.
  package let environment: (String) -> String?
  /// The folder that paths are relative to.
  package let folder: String
  package private(set) var problems: [ScheduleProblem] = []
  /// How often something was reported, repetitions included.
  package private(set) var reports = 0
  private var reported: [SourcePosition: [ScheduleFault]] = [:]

  package init(environment: @escaping (String) -> String?, folder: String) {
    self.environment = environment
    self.folder = folder
  }

  /// Adds a problem, unless the same was found at this place before, under another alias.
  package func report(_ fault: ScheduleFault, at position: SourcePosition, path: String) {
    reports += 1
    guard reported[position]?.contains(fault) != true else { return }
    reported[position, default: []].append(fault)
    problems.append(ScheduleProblem(position, path: path, fault))
  }
}
