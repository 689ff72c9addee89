import Runs
import Storage
import Studies
import Synchronization

/// Shows a study as it goes: where the last line may keep changing one with a bar, elsewhere a line a
/// cell.
///
/// A class, because several threads report to it, and it remembers whether a changing line stands in
/// the terminal.
package final class StudyDisplay: Sendable {
  private struct State {
    /// The changing line.
    var live = LiveLine()
    /// When it was drawn last.
    var drawn = -Double.infinity
    /// When a line was last written where none keeps changing.
    var told = -Double.infinity
  }

  private let mode: DisplayMode
  private let interval: Double
  private let now: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let warn: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - interval: the fewest seconds between two states of the changing line.
  ///   - now: seconds of a clock that never goes back.
  ///   - write: takes text for standard output, line breaks included.
  ///   - warn: takes a line for standard error.
  package init(
    _ mode: DisplayMode, interval: Double = 0.1,
    now: @escaping @Sendable () -> Double = DisplayMode.seconds,
    write: @escaping @Sendable (String) -> Void,
    warn: @escaping @Sendable (String) -> Void
  ) {
    self.mode = mode
    self.interval = interval
    self.now = now
    self.write = write
    self.warn = warn
  }

  /// Shows `event`.
  package func show(_ event: StudyEvent) {
    state.withLock { state in
      switch event {
      case .started(let name, let cells, let all):
        state.told = now()
        if cells > 0 {
          clear(&state)
          write("\(name): \(Figures.count(all, "cell")), \(cells) to measure\n")
        }
      case .denseTrained(let text, let seconds, let progress):
        show([.init(.name, text), .init(.seconds, Figures.seconds(seconds))], progress, &state)
      case .cellMeasured(let cell, let result, let progress):
        show(fields(of: cell, result), progress, &state)
      case .advanced(let text, let advance, let progress):
        // Of several works at a time, one stands for all.
        guard mode.isLive || now() - state.told >= mode.every else { return }
        let place = advance.place.map { [StatusLine.Field(.epoch, $0)] } ?? []
        show([.init(.name, text)] + place, progress, &state)
      // Whoever calls says why it ends.
      case .workStarted, .workFailed, .failed, .interrupted: break
      case .notice(let notice):
        clear(&state)
        warn("\(notice.word): \(notice.text)")
      }
    }
  }

  /// Takes the changing line away, so that something else can be written.
  package func end() { state.withLock { clear(&$0) } }

  private func fields(of cell: StudyCellIdentity, _ result: StudyResult) -> [StatusLine.Field] {
    let losses = [("before", result.lossBefore), ("after", result.lossAfter)]
    return [.init(.name, cell.text), .init(.seconds, Figures.seconds(result.seconds))]
      + losses.compactMap { name, loss in loss.map { .init(.loss, "\(name) \(Figures.loss($0))") } }
  }

  private func show(
    _ fields: [StatusLine.Field], _ progress: StudyProgress, _ state: inout State
  ) {
    var fields = fields + [.init(.position, "[\(progress.cells)/\(progress.of)]")]
    if let left = progress.secondsLeft {
      fields.append(.init(.jobLeft, "\(Figures.duration(left)) left"))
    }
    let now = now()
    guard mode.isLive else {
      state.told = now
      return write(StatusLine(fields).text(width: mode.columns()) + "\n")
    }
    guard now - state.drawn >= interval else { return }
    let columns = mode.columns()
    let line = StatusLine(fields + [.init(barUpTo: progress.share)]).text(width: columns)
    write(state.live.drawing(line, cells: line.displayWidth, columns: columns))
    state.drawn = now
  }

  private func clear(_ state: inout State) {
    if state.live.isThere { write(state.live.erasing(columns: mode.columns())) }
  }
}

extension StudyDisplay {
  /// A display on this process's standard output and standard error.
  convenience init() {
    self.init(.ofProcess, write: { Output.progress($0) }, warn: { Output.error($0) })
  }
}
