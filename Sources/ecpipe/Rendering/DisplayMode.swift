/// How what goes on is shown.
package struct DisplayMode: Sendable {
  /// Seconds after which a stage says how far it is where nobody watches: no minute passes in silence.
  package static let whereNobodyWatches = 50.0
  /// Likewise where somebody does, and wants lines alone.
  package static let whereLinesAreWanted = 15.0

  /// Whether the last line may keep changing.
  package let isLive: Bool
  /// Otherwise the seconds after which a stage says how far it is.
  package let every: Double
  /// Cells of a line now; nil for as many as it takes.
  package let columns: @Sendable () -> Int?

  /// A last line that keeps changing, in as many cells as the terminal has at that time.
  package static func live(columns: @escaping @Sendable () -> Int?) -> DisplayMode {
    DisplayMode(isLive: true, every: 0, columns: columns)
  }

  /// Lines alone.
  ///
  /// - Parameter every: the seconds after which a stage says how far it is.
  package static func lines(
    every: Double = whereNobodyWatches, columns: @escaping @Sendable () -> Int? = { nil }
  ) -> DisplayMode {
    DisplayMode(isLive: false, every: every, columns: columns)
  }

  /// Seconds of a clock that never goes back. Not that of the stages: proofs interrupt runs by its readings, and
  /// a display reads when a commit is done, which is at another step each time.
  package static let seconds: @Sendable () -> Double = {
    let start = SuspendingClock.now
    return { (SuspendingClock.now - start) / .seconds(1) }
  }()
}

extension DisplayMode {
  /// That of this process's standard output.
  static var ofProcess: DisplayMode { mode(isTerminal: Output.isTerminal) { Output.width } }

  /// That of this process's standard error.
  static var ofProcessErrors: DisplayMode {
    mode(isTerminal: Output.isTerminalForErrors) { Output.widthForErrors }
  }

  private static func mode(
    isTerminal: Bool, _ width: @escaping @Sendable () -> Int?
  ) -> DisplayMode {
    if isTerminal, !Output.isAccessible { return .live(columns: width) }
    let isWatched = width() != nil || Output.isAccessible
    return .lines(every: isWatched ? whereLinesAreWanted : whereNobodyWatches, columns: width)
  }
}
