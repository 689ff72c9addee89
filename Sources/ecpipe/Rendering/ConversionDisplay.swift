import Datasets
import Storage
import Synchronization

/// Shows how a table becomes a file of numbers: in a line that keeps changing, or, where that cannot be, every so
/// often; and what came of it.
///
/// A class, because it remembers what stands in the terminal's last line.
package final class ConversionDisplay: Sendable {
  private struct State {
    /// The changing line.
    var live = LiveLine()
    /// When it was drawn, or a line said, last; nil before the first.
    var told: Double?
  }

  private let mode: DisplayMode
  private let interval: Double
  private let now: @Sendable () -> Double
  private let write: @Sendable (String) -> Void
  private let note: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// - Parameters:
  ///   - interval: the fewest seconds between two states of the changing line.
  ///   - now: seconds of a clock that never goes back.
  ///   - write: takes text for standard error, line breaks included.
  ///   - note: takes a sentence that should be seen once.
  package init(
    _ mode: DisplayMode, interval: Double = 0.1,
    now: @escaping @Sendable () -> Double = DisplayMode.seconds,
    write: @escaping @Sendable (String) -> Void, note: @escaping @Sendable (String) -> Void
  ) {
    self.mode = mode
    self.interval = interval
    self.now = now
    self.write = write
    self.note = note
  }

  /// Shows how far a table is.
  package func show(_ conversion: TableConversion) {
    state.withLock { state in
      switch conversion.state {
      case .underWay(let share): show(conversion.table, share, &state)
      case .done(let bytes):
        clear(&state)
        note(
          "\(conversion.table): the table is converted to a file of numbers, \(conversion.file): "
            + "\(Figures.count(conversion.rows, "row")), \(Figures.count(bytes, "byte"))")
      case .failed: clear(&state)
      }
    }
  }

  private func show(_ table: String, _ share: Double, _ state: inout State) {
    let time = now()
    guard let told = state.told else {
      // Most tables are converted before anybody wants to know how far they are.
      state.told = time
      return
    }
    guard time - told >= (mode.isLive ? interval : mode.every) else { return }
    state.told = time
    let columns = mode.columns()
    let name = StatusLine.Field(.name, "\(table): converting it to numbers")
    guard mode.isLive else {
      let line = StatusLine([name, .init(.share, Figures.percent(share, 0))])
      return write(line.text(width: columns) + "\n")
    }
    let line = StatusLine([name, .init(barUpTo: share)]).text(width: columns)
    write(state.live.drawing(line, cells: line.displayWidth, columns: columns))
  }

  private func clear(_ state: inout State) {
    if state.live.isThere { write(state.live.erasing(columns: mode.columns())) }
    state.told = nil
  }
}

extension ConversionDisplay {
  /// A display on this process's standard error.
  convenience init() {
    self.init(
      .ofProcessErrors, write: { Output.errorProgress($0) }, note: { Output.notice(.note($0)) })
  }
}
