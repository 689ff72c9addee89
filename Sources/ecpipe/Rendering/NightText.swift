import Nightly
import Storage

/// What is said of a night that somebody has to look at.
enum NightText {
  /// The one block on standard error: what, where, the log, and the command that goes on.
  static func block(of report: NightReport, schedule: String, again: String) -> String {
    let what =
      switch report.state {
      case .refused: "tonight's network was not promoted"
      case .undecided: "nothing was decided"
      case .interrupted: "the night was interrupted"
      case .failed, .promoted, .kept: "the night failed"
      }
    let place = report.night.map { "\(report.name), night \($0)" } ?? report.name
    var lines = [
      "ecpipe: \(what) (exit \(report.exitCode))", "  what:        \(report.reason)",
      "  where:       \(place), \(FilePaths.absolute(schedule))",
      "  in service:  \(report.champion ?? "nothing yet")", "  log:         \(report.log)",
    ]
    switch report.state {
    case .interrupted, .failed: lines.append("  go on with:  \(again)")
    case .promoted, .kept, .refused, .undecided: break
    }
    if report.canBeForced { lines.append("  all the same: \(again) --force") }
    return lines.joined(separator: "\n")
  }

  /// The block of a night whose schedule cannot be used.
  ///
  /// - Parameter log: what was appended to; nil for nothing.
  static func refusal(
    _ reason: String, exitCode: Int32, schedule: String, log: String?, again: String
  ) -> String {
    [
      "ecpipe: the night failed (exit \(exitCode))", "  what:        \(reason)",
      "  where:       \(FilePaths.absolute(schedule))", log.map { "  log:         \($0)" },
      "  go on with:  \(again)",
    ].compactMap { $0 }.joined(separator: "\n")
  }
}
