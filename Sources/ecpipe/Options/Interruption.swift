import Glibc
import Storage
import Synchronization

/// Signals that asked the process to stop. Global, because a signal handler can reach nothing else.
private let requests = Atomic<Int>(0)
/// Whether the first of them has been answered.
private let hasAnswered = Atomic<Bool>(false)
/// Whether the first of them is answered.
private let answers = Atomic<Bool>(true)
/// Whether the answer to it clears a terminal's line.
private let answersTerminal = Atomic<Bool>(false)

/// Whether the first of them ends the process, because nothing is begun yet.
private let endsAtOnce = Atomic<Bool>(false)

/// What signals do: some ask a run to stop between steps, the others end the process or are errors.
enum Interruption {
  /// What no command may die of, and what every command dies of; from the process's start on.
  static func settleSignals() {
    // A write beyond the limit on file sizes fails like any other.
    signal(SIGXFSZ, SIG_IGN)
    // Swift's runtime prints where the threads are and goes on.
    if !isIgnored(SIGQUIT) { signal(SIGQUIT, SIG_DFL) }
  }

  /// From now on the first signal that asks to stop is answered and noted; a second SIGINT or SIGTERM
  /// ends the process at once. Not a second SIGHUP or SIGXCPU: shell and kernel repeat these. Signals
  /// that are ignored, as under nohup, stay ignored.
  ///
  /// - Parameters:
  ///   - isAttended: whether somebody waits for the answer; otherwise only a terminal gets one.
  ///   - isRank: whether `mpirun` passes signals on: SIGUSR1 asks to stop, too, because behind a SIGTERM it leaves
  ///     a second to save in.
  static func listen(isAttended: Bool = true, isRank: Bool = Ranks.group != nil) {
    // A global is made when it is first used, and a signal handler must not be what does that.
    _ = requests.load(ordering: .relaxed)
    _ = hasAnswered.load(ordering: .relaxed)
    _ = endsAtOnce.load(ordering: .relaxed)
    answers.store(isAttended || Output.isTerminalForErrors, ordering: .relaxed)
    answersTerminal.store(Output.isTerminalForErrors, ordering: .relaxed)
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { Interruption.receive($0) }
    sigemptyset(&action.sa_mask)
    let signals = [SIGINT, SIGTERM, SIGHUP, SIGXCPU] + (isRank ? [SIGUSR1] : [])
    // One at a time in a thread, so that the second can wait for the answer to the first.
    for signal in signals { sigaddset(&action.sa_mask, signal) }
    for signal in signals where !isIgnored(signal) {
      sigaction(signal, &action, nil)
    }
    // A reader that goes away must not end a run.
    signal(SIGPIPE, SIG_IGN)
  }

  /// Reads a document, and, where that may wait for whoever writes into a pipe, ends at once with 75 when somebody asks
  /// to stop, or has asked.
  ///
  /// - Throws: what `read` throws.
  static func reading<Document>(_ path: String, _ read: () throws -> Document) rethrows -> Document
  {
    guard NamedFile(path).isStream else { return try read() }
    endsAtOnce.store(true, ordering: .sequentiallyConsistent)
    defer { endsAtOnce.store(false, ordering: .sequentiallyConsistent) }
    if isRequested { endUnbegun() }
    return try read()
  }

  private static func endUnbegun() -> Never {
    if answers.load(ordering: .relaxed) { write("ecpipe: nothing was begun\n") }
    _exit(75)
  }

  /// Whether somebody asked to stop.
  static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }

  /// Called in the middle of anything: takes no lock and no memory.
  private static func receive(_ signal: Int32) {
    if requests.add(1, ordering: .sequentiallyConsistent).oldValue > 0 {
      guard signal == SIGINT || signal == SIGTERM else { return }
      // Another thread may be about to answer the first.
      var rounds = 0
      while !hasAnswered.load(ordering: .acquiring), rounds < 100_000_000 { rounds += 1 }
      _exit(128 + signal)
    }
    let code = errno
    if endsAtOnce.load(ordering: .sequentiallyConsistent) { endUnbegun() }
    if answers.load(ordering: .relaxed) { answer(signal) }
    hasAnswered.store(true, ordering: .releasing)
    errno = code
  }

  private static func answer(_ signal: Int32) {
    if answersTerminal.load(ordering: .relaxed) { write("\r\u{1b}[K\u{1b}[J") }
    write("ecpipe: ")
    switch signal {
    case SIGINT: write("SIGINT")
    case SIGTERM: write("SIGTERM")
    case SIGHUP: write("SIGHUP")
    case SIGUSR1: write("SIGUSR1")
    default: write("SIGXCPU")
    }
    write(": saving and ending after this step; a second SIGINT or SIGTERM ends at once\n")
  }

  private static func write(_ text: StaticString) {
    _ = Glibc.write(2, text.utf8Start, text.utf8CodeUnitCount)
  }

  private static func isIgnored(_ signal: Int32) -> Bool {
    var present = sigaction()
    sigaction(signal, nil, &present)
    return unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
