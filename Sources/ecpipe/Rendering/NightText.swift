import Nightly
import Storage

/// What is said of a night that somebody has to look at.
package enum NightText {
  /// The one block on standard error: what, where, the log, and the command that goes on.
  ///
  /// - Parameters:
  ///   - program: as it was called.
  ///   - again: the command that goes on.
  ///   - job: the folder of the job.
  package static func block(
    of report: NightReport, schedule: String, program: String, again: String, job: String
  ) -> String {
    let what = report.alarm == nil ? ending(of: report) : "the network in service was not sound"
    let place = report.night.map { "\(report.name), night \($0)" } ?? report.name
    var lines = [
      "ecpipe: \(what) (exit \(report.exitCode))", "  what:        \(report.reason)",
      "  where:       \(place), \(FilePaths.absolute(schedule))",
      "  in service:  \(report.champion ?? "nothing yet")", "  log:         \(report.log)",
    ]
    switch report.state {
    // On the same data the same night would only be refused again; where another goes on, it is that one's.
    case .interrupted, .failed:
      if report.wayPast == nil, report.didBegin { lines.append("  go on with:  \(again)") }
    case .promoted, .kept, .refused, .undecided: break
    }
    switch report.wayPast {
    case .promotion:
      if let judged = report.decision?.challenger?.night {
        let command = [program, "promote", job, judged].map(ShellWord.quoted)
        lines.append("  promote it:  " + command.joined(separator: " "))
      } else {
        lines.append("  force it:    \(again) --force")
      }
    // With --force the network would be promoted however bad it is.
    case .training: lines.append("  train on it: \(again) --set nightly.guard.action=warn")
    case nil: break
    }
    return lines.joined(separator: "\n")
  }

  private static func ending(of report: NightReport) -> String {
    switch report.state {
    case .failed where !report.didBegin: "the night did not begin"
    case .refused: "tonight's network was not promoted"
    case .undecided: "nothing was decided"
    case .interrupted: "the night was interrupted"
    case .failed, .promoted, .kept: "the night failed"
    }
  }

  /// The block of a night whose schedule cannot be used: the same command fails again until that is corrected.
  ///
  /// - Parameter log: what was appended to; nil for nothing.
  static func refusal(
    _ reason: String, exitCode: Int32, schedule: String, log: String?, again: String
  ) -> String {
    [
      "ecpipe: the night failed (exit \(exitCode))", "  what:        \(reason)",
      "  where:       \(FilePaths.absolute(schedule))", log.map { "  log:         \($0)" },
      "  go on with:  \(again), once that is corrected",
    ].compactMap { $0 }.joined(separator: "\n")
  }
}
