import Runs
import Schedules

extension RetentionPolicy {
  /// Reads `last=3,best=1,daily=7,weekly=4`, in any order, at least one of them.
  ///
  /// - Throws: `RunFailure.commandLine`.
  package init(parsing text: String) throws(RunFailure) {
    var counts: [String: Int] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, ["last", "best", "daily", "weekly"].contains(sides[0]),
        counts[sides[0]] == nil, sides[1].utf8.allSatisfy({ (48...57).contains($0) }),
        let count = Int(sides[1]), count <= Self.maximumCount
      else {
        throw .commandLine(
          "--keep \(text): write all, or some of last=N,best=N,daily=N,weekly=N, each once, N a "
            + "whole number from 0 to \(Self.maximumCount)")
      }
      counts[sides[0]] = count
    }
    self.init(
      last: counts["last"] ?? 0, best: counts["best"] ?? 0, daily: counts["daily"] ?? 0,
      weekly: counts["weekly"] ?? 0)
  }
}
