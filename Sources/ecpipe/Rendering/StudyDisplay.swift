import Storage
import Studies
import Synchronization

/// Shows a study as it goes: on a terminal a line with a bar that keeps changing, elsewhere a line a
/// cell.
///
/// A class, because several threads report to it, and it remembers whether a changing line stands in
/// the terminal.
package final class StudyDisplay: Sendable {
  private static let barWidth = 24

  private let isTerminal: Bool
  private let write: @Sendable (String) -> Void
  private let warn: @Sendable (String) -> Void
  /// Whether the changing line is there.
  private let isLive = Mutex(false)

  /// - Parameters:
  ///   - isTerminal: whether the last line may keep changing.
  ///   - write: takes text for standard output, line breaks included.
  ///   - warn: takes a line for standard error.
  package init(
    isTerminal: Bool, write: @escaping @Sendable (String) -> Void,
    warn: @escaping @Sendable (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.write = write
    self.warn = warn
  }

  /// Shows `event`.
  package func show(_ event: StudyEvent) {
    isLive.withLock { isLive in
      switch event {
      case .started(let name, let cells, let all):
        if cells > 0 {
          line("\(name): \(Figures.count(all, "cell")), \(cells) to measure", &isLive)
        }
      case .denseTrained(let text, let seconds, let progress):
        show("\(text)  \(Figures.seconds(seconds))", progress, &isLive)
      case .cellMeasured(let cell, let result, let progress):
        show(text(of: cell, result), progress, &isLive)
      // Whoever calls says why it ends.
      case .workStarted, .workFailed, .failed, .interrupted: break
      case .notice(let notice):
        clear(&isLive)
        warn("\(notice.word): \(notice.text)")
      }
    }
  }

  /// Takes the changing line away, so that something else can be written.
  package func end() { isLive.withLock { clear(&$0) } }

  private func text(of cell: StudyCellIdentity, _ result: StudyResult) -> String {
    let losses = [("before", result.lossBefore), ("after", result.lossAfter)]
    let told = losses.compactMap { name, loss in loss.map { "  \(name) \(Figures.loss($0))" } }
    return cell.text + told.joined() + "  " + Figures.seconds(result.seconds)
  }

  private func show(_ text: String, _ progress: StudyProgress, _ isLive: inout Bool) {
    let count = "[\(progress.cells)/\(progress.of)]"
    let left = progress.secondsLeft.map { "  \(Self.duration($0)) left" } ?? ""
    guard isTerminal else { return write("\(count) \(text)\(left)\n") }
    let filled = Int(progress.share * Double(Self.barWidth))
    let bar =
      String(repeating: "━", count: filled) + String(repeating: "─", count: Self.barWidth - filled)
    // The terminal cuts what is too long for it: a line that wrapped could not be replaced.
    write("\r\u{1b}[2K\u{1b}[?7l\(count) \(bar)\(left)  \(text)\u{1b}[?7h")
    isLive = true
  }

  private func line(_ text: String, _ isLive: inout Bool) {
    clear(&isLive)
    write(text + "\n")
  }

  private func clear(_ isLive: inout Bool) {
    if isLive { write("\r\u{1b}[2K") }
    isLive = false
  }

  /// A time to come, coarsely: 40 s, 12 min, 2 h 5 min.
  package static func duration(_ seconds: Double) -> String {
    if seconds < 90 { return "\(Int(seconds.rounded(.up))) s" }
    let minutes = Int((min(seconds, 1e9) / 60).rounded(.up))
    return minutes < 90 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }
}

extension StudyDisplay {
  /// A display on this process's standard output and standard error.
  convenience init() {
    self.init(
      isTerminal: Output.isTerminal, write: { Output.progress($0) }, warn: { Output.error($0) })
  }
}
